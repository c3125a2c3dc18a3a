import type { Card, Kind, Page, Source, Tab } from '@callboard/sdk'

export type Contributed<T> = T & { plugin: string; id: string }

/** What plugins have added for features to take up: the kernel keeps it and knows no more about it. */
export type Contributions = {
  cards: Contributed<Card>[]
  tabs: Contributed<Tab>[]
  kinds: Contributed<Kind>[]
  pages: Contributed<Page>[]
  sources: Contributed<Source>[]
}

/** What one plugin added, as `callboard plugins` prints it. */
export type PluginReport = {
  name: string
  from: string
  error?: string
  routes: string[]
  cards: string[]
  tabs: string[]
  kinds: string[]
  pages: string[]
  sources: string[]
  jobs: string[]
  events: string[]
  policies: number
  provides: string[]
  uses: string[]
}
