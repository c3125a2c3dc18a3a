import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 760px)')

function subscribe(onChange: () => void): () => void {
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

/** Whether the window is as narrow as a phone: tables become lists and the navigation a drawer. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches)
}
