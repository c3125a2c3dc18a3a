import { useMemo, type ReactNode } from 'react'
import styles from './CodeBlock.module.css'
import { CopyButton } from './CopyButton.tsx'
import { diffLines, type DiffLine } from './lineDiff.ts'

const MAX_PAINTED_LINES = 4000

type Props = {
  code: string
  language?: string
  label?: string
  numbers?: boolean
  /** A former text: lines that came or went since are marked. */
  before?: string
}

/** Preformatted text with a button that copies it. Keys and comments of YAML and JSON are coloured. */
export function CodeBlock({ code, language, label = 'Code', numbers = false, before }: Props) {
  const lines = useMemo(() => readLines(code, before), [code, before])
  const isPainted = lines.length <= MAX_PAINTED_LINES
  return (
    <div className={styles.block}>
      <div className={styles.copy}>
        <CopyButton text={code} label={`Copy ${label}`} />
      </div>
      {/* why: what scrolls must be reachable with the keyboard. */}
      <pre className={styles.pre} tabIndex={0} role="group" aria-label={label} data-numbers={(numbers && isPainted) || undefined}>
        <code>{isPainted ? lines.map((line, index) => <Line key={index} line={line} language={language} />) : code}</code>
      </pre>
    </div>
  )
}

function readLines(code: string, before: string | undefined): DiffLine[] {
  return before === undefined ? splitLines(code).map(text => ({ text })) : diffLines(splitLines(before), splitLines(code))
}

function splitLines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}

function Line({ line, language }: { line: DiffLine; language: string | undefined }) {
  const Element = line.mark === 'added' ? 'ins' : line.mark === 'removed' ? 'del' : 'span'
  return (
    <>
      <Element className={styles.line}>{paint(line.text, language)}</Element>
      {'\n'}
    </>
  )
}

function paint(line: string, language: string | undefined): ReactNode {
  if (language !== 'yaml' && language !== 'json') return line
  if (language === 'yaml' && /^\s*#/.test(line)) return <span className={styles.note}>{line}</span>
  const pattern =
    language === 'json' ? /^(\s*)("(?:[^"\\]|\\.)*")(:.*)$/ : /^(\s*(?:- )*)([^\s:#'"|>-][^:#]*|"[^"]*"|'[^']*')(:(?:\s.*)?)$/
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
