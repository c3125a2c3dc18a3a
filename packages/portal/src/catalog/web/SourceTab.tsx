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
          <button
            key={value}
            type="button"
            className={styles.format}
            aria-pressed={format === value}
            onClick={() => setFormat(value)}
          >
            {label}
          </button>
        ))}
      </div>
      <EntityText entity={entity} format={format} />
    </div>
  )
}

/** An entity as text; with a former state of it, what has changed is marked. */
export function EntityText({ entity, format, before }: { entity: Entity; format: Format; before?: Entity }) {
  const write = (each: Entity) => (format === 'json' ? JSON.stringify(each, null, 2) : stringify(each, { lineWidth: 0 }))
  return (
    <CodeBlock code={write(entity)} before={before && write(before)} language={format} label={format.toUpperCase()} numbers />
  )
}
