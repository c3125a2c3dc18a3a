import { useGo } from '@callboard/ui/AppLink'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import styles from './SearchBox.module.css'

/** Searches the whole catalog from every page. "/" comes here. */
export function SearchBox() {
  const go = useGo()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      event.preventDefault()
      field.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <form
      className={styles.box}
      role="search"
      aria-label="Portal"
      onSubmit={event => {
        event.preventDefault()
        const text = field.current?.value.trim()
        if (!text || !field.current) return
        field.current.value = ''
        go(`/catalog?${new URLSearchParams({ kind: 'all', q: text })}`)
      }}
    >
      <IconSearch className={styles.icon} size={15} stroke={2} aria-hidden />
      <input
        ref={field}
        className={styles.field}
        type="search"
        name="q"
        placeholder="Search the catalog"
        aria-label="Search the catalog"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        onKeyDown={event => {
          if (event.key !== 'Escape') return
          event.currentTarget.value = ''
          event.currentTarget.blur()
        }}
      />
      <kbd className={styles.key} aria-hidden>
        /
      </kbd>
    </form>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
