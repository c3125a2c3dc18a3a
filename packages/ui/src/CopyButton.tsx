import { ActionIcon } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'

const SHOWN_MS = 1600

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    const timer = copied ? window.setTimeout(() => setCopied(false), SHOWN_MS) : 0
    return () => window.clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={label} title={label} onClick={() => void copy()}>
        {copied ? <IconCheck size={14} color="var(--cb-ok)" /> : <IconCopy size={14} color="var(--cb-text-3)" />}
      </ActionIcon>
      <span className="cb-hidden" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </>
  )
}
