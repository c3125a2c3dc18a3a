import type { Entity } from '@callboard/sdk/entity'
import type { EntityName } from '@callboard/sdk/entityRef'
import { stringifyEntityRef } from '@callboard/sdk/entityRef'
import { fetchJson } from '@callboard/ui/fetchJson'
import { queryOptions, useQuery } from '@tanstack/react-query'
import type { EntityVersion } from '../contract.ts'
import { fetchTitles } from './fetchTitles.ts'

function getApiPath({ kind, namespace, name }: EntityName): string {
  return `/api/catalog/entities/by-name/${[kind, namespace, name].map(encodeURIComponent).join('/')}`
}

export function entityQuery(name: EntityName) {
  return queryOptions({
    queryKey: ['catalog', 'entity', stringifyEntityRef(name)],
    queryFn: ({ signal }) => fetchJson<Entity>(getApiPath(name), { signal }),
  })
}

export function useEntity(name: EntityName) {
  return useQuery(entityQuery(name))
}

/** What the targets of an entity's relations are called. */
export function useTargetTitles(entity: Entity) {
  const refs = [...new Set((entity.relations ?? []).map(({ targetRef }) => targetRef))]
  return useQuery({
    queryKey: ['catalog', 'titles', refs],
    queryFn: ({ signal }) => fetchTitles(refs, signal),
    enabled: refs.length > 0,
  })
}

export function useVersions(name: EntityName) {
  return useQuery({
    queryKey: ['catalog', 'versions', stringifyEntityRef(name)],
    queryFn: ({ signal }) => fetchJson<{ items: EntityVersion[] }>(`${getApiPath(name)}/versions`, { signal }),
  })
}

export function useVersion(name: EntityName, version: number) {
  return useQuery({
    queryKey: ['catalog', 'version', stringifyEntityRef(name), version],
    queryFn: ({ signal }) => fetchJson<Entity>(`${getApiPath(name)}/versions/${version}`, { signal }),
    enabled: version > 0,
    // why: a version never changes.
    staleTime: Infinity,
  })
}
