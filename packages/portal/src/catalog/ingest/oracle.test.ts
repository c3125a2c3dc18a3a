import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseEntityRef, stringifyEntityRef, type Json, type JsonObject } from '@callboard/sdk'
import { parseLocationRef } from '../locationRef.ts'
import { createCoreModel } from '../kinds/model.ts'
import { inverseOf } from '../kinds/relations.ts'
import * as formats from './fieldFormats.ts'
import { isObject } from './checkFields.ts'
import { parseFile } from './parseFile.ts'
import { processDocument } from './processDocument.ts'
import { findCaseClash, searchRowsOf } from './searchRows.ts'

const corpus = join(import.meta.dirname, '../../../../../../shared/corpus/catalog')
const found = existsSync(corpus)
if (!found) console.warn('SKIPPED: descriptor verdicts of the original validators, because the corpus folder is not here.')

type Verdict = { file: string; doc: number; ref?: string; status: string; relations?: string[] }

const STATUS: Record<string, string> = {
  DESCRIPTOR_ENVELOPE: 'envelope-error',
  DESCRIPTOR_FIELD: 'policy-error',
  DESCRIPTOR_KIND_UNKNOWN: 'unrecognised-kind',
  DESCRIPTOR_KIND: 'kind-error',
  DESCRIPTOR_RELATION: 'kind-error',
}

/** The verdicts were made with each placeholder replaced by a text. */
function fillPlaceholders(value: Json): Json {
  if (Array.isArray(value)) return value.map(fillPlaceholders)
  if (!isObject(value)) return value
  const keys = Object.keys(value)
  if (keys.length === 1 && ['$text', '$json', '$yaml', '$openapi', '$asyncapi'].includes(keys[0] ?? '')) return 'text'
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, fillPlaceholders(child)]))
}

function verdictOf(file: string, doc: number): Omit<Verdict, 'file' | 'doc'> {
  const parsed = parseFile(readFileSync(join(corpus, file), 'utf8')).find(each => each.index === doc)
  if (!parsed) return { status: 'empty' }
  if (parsed.status === 'broken') return { status: 'yaml-error' }
  const result = processDocument(
    fillPlaceholders(parsed.value as JsonObject),
    { location: 'file:/x', origin: 'file:/x' },
    createCoreModel(),
  )
  if (result.status === 'bad') {
    return { status: STATUS[result.error.code] ?? result.error.code, ...(result.ref ? { ref: result.ref } : {}) }
  }
  const relations = result.processed.edges.flatMap(({ sourceRef, type, targetRef }) => [
    `${sourceRef} ${type} ${targetRef}`,
    `${targetRef} ${inverseOf(type)} ${sourceRef}`,
  ])
  return { status: 'ok', ref: result.processed.ref, relations: [...new Set(relations)].toSorted() }
}

describe.skipIf(!found)('descriptors get the verdicts of the original validators', () => {
  const lines = found ? readFileSync(join(corpus, 'ORACLE.jsonl'), 'utf8').trim().split('\n') : ['{}']
  const verdicts = lines.map(line => JSON.parse(line) as Verdict)
  it.each(verdicts.map(verdict => [`${verdict.file}#${verdict.doc}`, verdict] as const))('%s', (_name, verdict) => {
    const actual = verdictOf(verdict.file, verdict.doc)
    expect({ status: actual.status, ref: actual.ref }).toEqual({ status: verdict.status, ref: verdict.ref })
    if (verdict.relations) expect(actual.relations).toEqual(verdict.relations.toSorted())
  })
})

type Vectors = Record<string, Record<string, boolean | { ok?: boolean; value?: unknown }>>

describe.skipIf(!found)('formats equal those of the original validators', () => {
  const vectors = (found ? JSON.parse(readFileSync(join(corpus, 'ORACLE_formats.json'), 'utf8')) : {}) as Vectors
  const checks: Record<string, (value: unknown) => boolean> = {
    isValidEntityName: formats.isName,
    isValidNamespace: formats.isNamespace,
    isValidKind: formats.isKind,
    isValidApiVersion: formats.isApiVersion,
    isValidTag: formats.isTag,
    isValidLabelKey: formats.isKey,
    isValidLabelValue: formats.isLabelValue,
  }
  it.each(Object.keys(checks))('%s', name => {
    for (const [text, verdict] of Object.entries(vectors[name] ?? {})) {
      const expected = typeof verdict === 'boolean' ? verdict : verdict.value
      if (expected !== undefined) expect([text, checks[name]?.(text)]).toEqual([text, expected])
    }
  })

  const outcome = (run: () => unknown): { ok: boolean; value?: unknown; error?: string; message?: string } => {
    try {
      return { ok: true, value: run() }
    } catch (error) {
      return { ok: false, error: (error as Error).name, message: (error as Error).message }
    }
  }

  it.each([
    ['parseEntityRef_noDefaults', (ref: string) => parseEntityRef(ref)],
    ['parseEntityRef_defaultKindGroup_nsAcme', (ref: string) => parseEntityRef(ref, { kind: 'Group', namespace: 'acme' })],
    ['parseLocationRef', (ref: string) => parseLocationRef(ref)],
  ])('%s', (name, parse) => {
    for (const [text, expected] of Object.entries(vectors[name] ?? {})) {
      expect([text, outcome(() => parse(text))]).toMatchObject([text, expected])
    }
  })

  it('writes refs in lower case with the default namespace', () => {
    expect(stringifyEntityRef({ kind: 'K', name: 'N' })).toBe('k:default/n')
  })

  it('walks an entity into the same search rows', () => {
    const { entity, rows } = vectors.searchRows as unknown as {
      entity: never
      rows: { key: string; original_value: string | null }[]
    }
    const actual = searchRowsOf(entity)
    // The file leaves parts of the entity out; the rows of the parts that it shows are compared.
    const shown = rows.filter(row =>
      /^metadata\.(labels|annotations)\.|^spec\.(nested\.a\.b|flag|n)$|^metadata\.namespace$/.test(row.key),
    )
    expect(shown.length).toBe(7)
    for (const row of shown) expect(actual).toContainEqual({ key: row.key, value: row.original_value })
    expect(findCaseClash({ spec: { type: 'a', Type: 'b' } } as never)).toBe('spec.type')
  })
})
