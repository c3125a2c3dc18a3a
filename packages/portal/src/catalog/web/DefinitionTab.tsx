import type { Entity } from '@callboard/sdk/entity'
import { CodeBlock } from '@callboard/ui/CodeBlock'

/** The definition of an API, as it was written. */
export function DefinitionTab({ entity }: { entity: Entity }) {
  const definition = entity.spec?.definition
  if (typeof definition !== 'string') return null
  return <CodeBlock code={definition} language={guessLanguage(definition)} label="Definition" numbers />
}

function guessLanguage(definition: string): string | undefined {
  const start = definition.trimStart()
  if (start.startsWith('{')) return 'json'
  return /^(---|#|openapi:|asyncapi:|swagger:)/.test(start) ? 'yaml' : undefined
}
