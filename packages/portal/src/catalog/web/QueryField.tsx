import type { ApiError } from '@callboard/ui/fetchJson'
import { getKindLabel } from '@callboard/ui/kindLabel'
import { ActionIcon } from '@mantine/core'
import { IconFilter2, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import styles from './QueryField.module.css'

const SETTLED_MS = 350

type Props = {
  value: string
  kind: string
  error: ApiError | undefined
  onChange: (q: string, options: { replace: boolean }) => void
}

/** Where the query is typed. It is asked when the typing rests; a fault is shown beneath, with a caret at its place. */
export function QueryField({ value, kind, error, onChange }: Props) {
  const [text, setText] = useState(value)
  const sent = useRef(value)
  const timer = useRef(0)
  const field = useRef<HTMLInputElement>(null)
  const fault = error?.position === undefined ? undefined : { position: error.position, length: error.length ?? 1 }

  useEffect(() => {
    // why: an address that this field has not written (a link, "back") is taken over; its own echo is not, or it would undo typing.
    if (value !== sent.current) {
      sent.current = value
      setText(value)
    }
  }, [value])
  useEffect(() => () => window.clearTimeout(timer.current), [])

  const send = (next: string) => {
    window.clearTimeout(timer.current)
    const q = next.trim()
    if (q === sent.current) return
    const isFirst = sent.current === ''
    sent.current = q
    onChange(q, { replace: !isFirst })
  }
  const type = (next: string) => {
    setText(next)
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => send(next), SETTLED_MS)
  }
  const clear = () => {
    setText('')
    send('')
  }
  const label = kind === 'all' ? 'Filter the catalog' : `Filter ${getKindLabel(kind, true)}`
  return (
    <div className={styles.query}>
      <form
        className={styles.form}
        role="search"
        aria-label="Catalog"
        onSubmit={event => {
          event.preventDefault()
          send(text)
        }}
      >
        <IconFilter2 className={styles.icon} size={15} stroke={1.75} aria-hidden />
        <input
          ref={field}
          className={styles.field}
          value={text}
          onChange={event => type(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key !== 'Escape') return
            if (text) clear()
            else event.currentTarget.blur()
          }}
          placeholder={kind === 'all' ? 'Filter, as in payments kind:api' : 'Filter, as in payments tag:java'}
          aria-label={label}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? 'query-error' : undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="search"
        />
        {text && (
          <ActionIcon
            className={styles.clear}
            variant="subtle"
            color="gray"
            size={24}
            aria-label="Clear the query"
            onClick={() => {
              clear()
              field.current?.focus()
            }}
          >
            <IconX size={14} color="var(--cb-text-3)" />
          </ActionIcon>
        )}
      </form>
      {error && (
        <div className={styles.error} id="query-error" role="alert">
          {fault && (
            <pre className={styles.place} aria-hidden>
              {value.replace(/\s/g, ' ')}
              {'\n'}
              {' '.repeat(fault.position)}
              {'^'.repeat(Math.max(1, fault.length))}
            </pre>
          )}
          <p>
            {error.message} <span className={styles.hint}>{error.hint}</span>
          </p>
        </div>
      )}
    </div>
  )
}
