import { IconLayoutList, type Icon } from '@tabler/icons-react'

/** What the navigation offers, features first; pages of plugins follow. */
export const NAVIGATION: { title: string; path: string; icon: Icon }[] = [
  { title: 'Catalog', path: '/catalog', icon: IconLayoutList },
]

/** Whether a page belongs to an entry of the navigation. */
export function isWithin(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(`${path}/`)
}
