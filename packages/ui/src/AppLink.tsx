import { useRouter } from '@tanstack/react-router'
import { useRef, type AnchorHTMLAttributes } from 'react'
import { isPlainClick } from './isPlainClick.ts'
import { findSafeHref } from './safeHref.ts'

const REST_MS = 60

type Props = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string; replace?: boolean }

/** A link to a page of the portal or, with a checked address, to the outside. What is no safe address becomes plain text. */
export function AppLink({ href, replace, onClick, children, ...rest }: Props) {
  const go = useGo()
  const router = useRouter()
  const resting = useRef(0)
  const safe = findSafeHref(href)
  if (!safe) return <span className={rest.className}>{children}</span>
  const isOurs = safe.startsWith('/') && !safe.startsWith('/api/')
  if (!isOurs) {
    return (
      <a {...rest} href={safe} rel="noreferrer" target={safe.startsWith('http') ? '_blank' : undefined} onClick={onClick}>
        {children}
      </a>
    )
  }
  return (
    <a
      {...rest}
      href={safe}
      onPointerEnter={() => {
        if (/[?#]/.test(safe)) return
        resting.current = window.setTimeout(() => void router.preloadRoute({ to: safe }), REST_MS)
      }}
      onPointerLeave={() => window.clearTimeout(resting.current)}
      onClick={event => {
        onClick?.(event)
        if (!isPlainClick(event)) return
        event.preventDefault()
        go(safe, { replace })
      }}
    >
      {children}
    </a>
  )
}

/** Goes to a path of the portal, query included. */
export function useGo(): (href: string, options?: { replace?: boolean }) => void {
  const { history } = useRouter()
  return (href, { replace } = {}) => (replace ? history.replace(href) : history.push(href))
}
