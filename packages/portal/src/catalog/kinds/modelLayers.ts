import { readLocalFile } from '@callboard/kernel/reading/readLocalFile'
import type { PortalError } from '@callboard/sdk'
import { resolve } from 'node:path'
import { portalErrors } from '../../errors.ts'
import { findPosition, parseFile } from '../ingest/parseFile.ts'
import type { KindDefinition } from './kindDefinition.ts'
import { KindFault } from './kindFault.ts'
import { applyLayer, sortOps } from './layerOps.ts'
import { layerSchema, type LayerOp } from './layerSchema.ts'

/** An operation of a layer, and where it stands. */
export type PlacedOp = { op: LayerOp; file: string; text: string; index: number; path: (string | number)[] }

export type LayerFile = { file: string; ops: PlacedOp[] }

/**
 * Reads files of model layers in Backstage's format, JSON or YAML: `{layerId, ops}`, a list of these, or several documents.
 *
 * @throws PortalError CONFIG_MODEL_LAYER
 */
export async function readLayers(files: readonly string[], folder: string): Promise<LayerFile[]> {
  return Promise.all(files.map(file => readLayerFile(resolve(folder, file))))
}

async function readLayerFile(file: string): Promise<LayerFile> {
  const text = await readLocalFile(file).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw portalErrors.CONFIG_MODEL_LAYER({ file, reason }, { where: { file }, cause })
  })
  const ops: PlacedOp[] = []
  for (const document of parseFile(text)) {
    if (document.status === 'broken') throw layerError(file, document.reason, { line: document.line, column: document.column })
    const isList = Array.isArray(document.value)
    const layers: unknown[] = isList ? Array.from(Object.values(Object(document.value))) : [document.value]
    for (const [at, value] of layers.entries()) {
      const base = isList ? [at] : []
      const parsed = layerSchema.safeParse(value)
      if (!parsed.success) {
        const [issue] = parsed.error.issues
        // why: keys of JSON are texts and numbers.
        const path = [...base, ...((issue?.path ?? []) as (string | number)[])]
        throw layerError(file, `${path.join('.') || 'the layer'}: ${issue?.message}`, findPosition(text, document.index, path))
      }
      ops.push(...parsed.data.ops.map((op, index) => ({ op, file, text, index: document.index, path: [...base, 'ops', index] })))
    }
  }
  return { file, ops }
}

/**
 * The definitions with all that the layers declare, update and remove: declarations first, in whatever file they stand.
 *
 * @throws PortalError CONFIG_MODEL_LAYER
 */
export function addLayers(
  definitions: readonly KindDefinition[],
  files: LayerFile[],
  inverses: Map<string, string>,
): readonly KindDefinition[] {
  const ops = sortOps(files.flatMap(each => each.ops))
  const state = { definitions: [...definitions], groups: new Map<string, string>(), inverses }
  for (const { op, file, text, index, path } of ops) {
    try {
      applyLayer(state, op)
    } catch (cause) {
      if (!(cause instanceof KindFault)) throw cause
      throw layerError(file, `${op.op}: ${cause.message}`, findPosition(text, index, [...path, ...cause.path]), cause)
    }
  }
  return state.definitions
}

function layerError(file: string, reason: string, spot?: { line: number; column: number }, cause?: unknown): PortalError {
  const at = spot ? `${file}:${spot.line}` : file
  return portalErrors.CONFIG_MODEL_LAYER({ file: at, reason }, { where: { file, ...spot }, ...(cause ? { cause } : {}) })
}
