import type { Entity } from '@callboard/sdk/entity'
import { CodeBlock } from '@callboard/ui/CodeBlock'
import { useState } from 'react'
import { stringify } from 'yaml'
import styles from './SourceTab.module.css'

type Format = 'yaml' | 'json'
const FORMATS: { value: Format; label: string }[] = [
  { value: 'yaml', label: 'YAML' },
  { value: 'json', label: 'JSON' },
]

/** An entity in full, as the catalog serves it. */
export function SourceTab({ entity }: { entity: Entity }) {
  const [format, setFormat] = useState<Format>('yaml')
  return (
    <div className={styles.source}>
      <div className={styles.formats} role="group" aria-label="Format">
        {FORMATS.map(({ value, label }) => (
          <button key={value} type="button" className={styles.format} aria-pressed={format === value} onClick={() => setFormat(value)}>
            {label}
          </button>
        ))}
      </div>
      <EntityText entity={entity} format={format} />
    </div>
  )
}

export function EntityText({ entity, format }: { entity: Entity; format: Format }) {
  const code = format === 'json' ? JSON.stringify(entity, null, 2) : stringify(entity, { lineWidth: 0 })
  return <CodeBlock code={code} language={format} label={format.toUpperCase()} numbers />
}
