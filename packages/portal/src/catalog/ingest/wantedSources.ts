import { globFiles } from '@callboard/kernel/reading/globFiles'
import { parseGitUrl, resolveUrl } from '@callboard/kernel/reading/gitUrl'
import { isPatternUrl } from '@callboard/kernel/reading/readTree'
import { ANNOTATION, PortalError, stringifyEntityRef, type Entity, type JsonObject } from '@callboard/sdk'
import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import picomatch from 'picomatch'
import { portalErrors } from '../../errors.ts'
import { parseLocationRef, stringifyLocationRef, type LocationRef, type NamedLocation } from '../locationRef.ts'
import type { WantedSource } from '../store/sources.ts'
import type { NewProblem } from './planWrites.ts'

/** A Location entity of the catalog, and the source that declares it. */
export type KnownLocation = { entity: Entity; sourceId: number }

export type Wanted = {
  sources: WantedSource[]
  problems: NewProblem[]
  /** Absolute patterns that may find files which are not there yet. */
  patterns: string[]
}

/** The source that declares the Location entity of a registration; its key is what the entity is named after. */
export function rootSource(location: NamedLocation): WantedSource {
  const ref = stringifyLocationRef(location)
  return {
    key: `location:${location.namedAfter ?? ref}`,
    type: 'location',
    target: ref,
    origin: ref,
    parents: [],
    optional: false,
  }
}

/** All sources that Location entities lead to. A file that several lead to is one source with several parents. */
export async function findWantedSources(locations: KnownLocation[]): Promise<Wanted> {
  const wanted: Wanted = { sources: [], problems: [], patterns: [] }
  const byKey = new Map<string, WantedSource>()
  for (const { entity, sourceId } of locations) {
    const ref = stringifyEntityRef(entity)
    for (const target of targetsOf(entity)) {
      try {
        for (const found of await expandTarget(entity, target, wanted.patterns)) {
          const key = stringifyLocationRef(found)
          const known = byKey.get(key)
          if (known) {
            if (!known.parents.includes(ref)) known.parents.push(ref)
            continue
          }
          const origin = entity.metadata.annotations?.[ANNOTATION.originLocation] ?? key
          byKey.set(key, { key, ...found, origin, parents: [ref], optional: isOptional(entity) })
        }
      } catch (error) {
        if (!(error instanceof PortalError)) throw error
        const location = entity.metadata.annotations?.[ANNOTATION.location] ?? ref
        wanted.problems.push({ sourceId, ref, error, location, line: null, column: null })
      }
    }
  }
  wanted.sources.push(...byKey.values())
  return wanted
}

function targetsOf({ spec }: Entity): string[] {
  return [spec?.target ?? [], spec?.targets ?? []]
    .flat()
    .filter(target => typeof target === 'string' && target !== '') as string[]
}

function isOptional({ spec }: { spec?: JsonObject }): boolean {
  return spec?.presence === 'optional'
}

async function expandTarget(entity: Entity, target: string, patterns: string[]): Promise<LocationRef[]> {
  const own = parseLocationRef(entity.metadata.annotations?.[ANNOTATION.location] ?? 'unknown:unknown')
  const type = typeof entity.spec?.type === 'string' ? entity.spec.type : own.type
  if (type === 'url') return [expandUrl(target, own)]
  if (type === 'file') return expandFiles(target, own, isOptional(entity), patterns)
  throw portalErrors.CATALOG_LOCATION_TYPE({ type, target })
}

function expandUrl(target: string, own: LocationRef): LocationRef {
  const url = own.type === 'url' ? resolveUrl(target, own.target) : target
  if (!URL.canParse(url)) throw portalErrors.CATALOG_LOCATION_TARGET({ target, reason: 'it is not a URL' })
  if (isPatternUrl(url) && !parseGitUrl(url)) {
    throw portalErrors.CATALOG_LOCATION_TARGET({ target, reason: 'patterns are only read in the URL of a branch' })
  }
  return { type: 'url', target: url }
}

async function expandFiles(target: string, own: LocationRef, optional: boolean, patterns: string[]): Promise<LocationRef[]> {
  if (own.type === 'url') throw portalErrors.CATALOG_LOCATION_TYPE({ type: 'file', target })
  if (/[\\/]$/.test(target)) throw portalErrors.CATALOG_LOCATION_TARGET({ target, reason: 'it ends in a path separator' })
  const path = isAbsolute(target) ? target : resolve(dirname(own.target), target)
  const { glob } = picomatch.scan(path)
  if (glob === '') {
    const there =
      !optional ||
      (await stat(path).then(
        () => true,
        () => false,
      ))
    return there ? [{ type: 'file', target: path }] : []
  }
  patterns.push(path)
  const files = await globFiles(path, '/')
  if (files.length === 0 && !optional) throw portalErrors.CATALOG_NO_MATCH({ target: `file:${path}` })
  return files.map(file => ({ type: 'file', target: file }))
}
