import { useMemo, type ReactNode } from 'react'
import styles from './CodeBlock.module.css'
import { CopyButton } from './CopyButton.tsx'

const MAX_PAINTED_LINES = 4000

type Props = { code: string; language?: string; label?: string; numbers?: boolean }

/** Preformatted text with a button that copies it. Keys and comments of YAML and JSON are coloured. */
export function CodeBlock({ code, language, label = 'Code', numbers = false }: Props) {
  const lines = useMemo(() => code.replace(/\n$/, '').split('\n'), [code])
  const isPainted = lines.length <= MAX_PAINTED_LINES
  return (
    <div className={styles.block}>
      <div className={styles.copy}>
        <CopyButton text={code} label={`Copy ${label}`} />
      </div>
      {/* why: what scrolls must be reachable with the keyboard. */}
      <pre className={styles.pre} tabIndex={0} role="group" aria-label={label} data-numbers={(numbers && isPainted) || undefined}>
        <code>{isPainted ? lines.map((line, index) => <Line key={index} text={line} language={language} />) : code}</code>
      </pre>
    </div>
  )
}

function Line({ text, language }: { text: string; language: string | undefined }) {
  return (
    <span className={styles.line}>
      {paint(text, language)}
      {'\n'}
    </span>
  )
}

function paint(line: string, language: string | undefined): ReactNode {
  if (language !== 'yaml' && language !== 'json') return line
  if (language === 'yaml' && /^\s*#/.test(line)) return <span className={styles.note}>{line}</span>
  const pattern = language === 'json' ? /^(\s*)("(?:[^"\\]|\\.)*")(:.*)$/ : /^(\s*(?:- )*)([^\s:#'"|>-][^:#]*|"[^"]*"|'[^']*')(:(?:\s.*)?)$/
  const [, lead, key, rest] = pattern.exec(line) ?? []
  if (key === undefined) return line
  return (
    <>
      {lead}
      <span className={styles.key}>{key}</span>
      {rest}
    </>
  )
}
