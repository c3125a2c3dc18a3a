import type { Entity } from '@callboard/sdk/entity'
import { getEntityTitle } from '@callboard/ui/entityTitle'
import { fetchJson } from '@callboard/ui/fetchJson'

export type TitledEntity = { title: string; description: string; type: string }

/** By ref; null for what the catalog does not have. */
export type Titles = Map<string, TitledEntity | null>

const MAX_REFS_IN_ONE_REQUEST = 500
const FIELDS = ['kind', 'metadata.name', 'metadata.title', 'metadata.description', 'spec.profile.displayName', 'spec.type']

/** What the entities behind these refs are called, in one request for many. */
export async function fetchTitles(refs: string[], signal: AbortSignal): Promise<Titles> {
  const titles: Titles = new Map()
  const wanted = [...new Set(refs)]
  for (let start = 0; start < wanted.length; start += MAX_REFS_IN_ONE_REQUEST) {
    const entityRefs = wanted.slice(start, start + MAX_REFS_IN_ONE_REQUEST)
    const body = { entityRefs, fields: FIELDS }
    const { items } = await fetchJson<{ items: (Entity | null)[] }>('/api/catalog/entities/by-refs', { body, signal })
    entityRefs.forEach((ref, index) => titles.set(ref, toTitled(items[index] ?? null)))
  }
  return titles
}

function toTitled(entity: Entity | null): TitledEntity | null {
  if (!entity) return null
  const type = entity.spec?.type
  return {
    title: getEntityTitle(entity),
    description: entity.metadata.description ?? '',
    type: typeof type === 'string' ? type : '',
  }
}
