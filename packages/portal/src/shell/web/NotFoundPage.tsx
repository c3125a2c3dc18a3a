import { AppLink, useGo } from '@callboard/ui/AppLink'
import { EmptyState } from '@callboard/ui/EmptyState'
import { usePageTitle } from '@callboard/ui/usePageTitle'
import { Button } from '@mantine/core'
import { IconMapSearch } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import { useRef } from 'react'
import styles from './NotFoundPage.module.css'

/** For a path that leads nowhere: says so and offers to search for what its last part may have meant. */
export function NotFoundPage() {
  usePageTitle('Page not found')
  const go = useGo()
  const field = useRef<HTMLInputElement>(null)
  const pathname = useLocation({ select: location => location.pathname })
  return (
    <EmptyState level="h1" title="There is no page here" icon={<IconMapSearch size={22} stroke={1.5} />}>
      <p className={styles.path}>{pathname}</p>
      <form
        className={styles.form}
        role="search"
        aria-label="Catalog"
        onSubmit={event => {
          event.preventDefault()
          go(`/catalog?${new URLSearchParams({ kind: 'all', q: field.current?.value.trim() ?? '' })}`)
        }}
      >
        <input ref={field} className={styles.field} defaultValue={guessWords(pathname)} aria-label="Search the catalog instead" />
        <Button type="submit" size="sm">
          Search the catalog
        </Button>
      </form>
      <AppLink className={styles.home} href="/catalog">
        Go to the catalog
      </AppLink>
    </EmptyState>
  )
}

function guessWords(pathname: string): string {
  const last = pathname.split('/').filter(Boolean).at(-1) ?? ''
  try {
    return decodeURIComponent(last)
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  } catch {
    return ''
  }
}
