import type { PortalError } from '@callboard/sdk/errors'

/** Something that is wrong with a catalog file, and where. Lines and columns count from 1. */
export type Finding = {
  level: 'error' | 'warning'
  file: string
  line: number
  column: number
  code: string
  message: string
  hint: string
  /** The entity that it is about, where the document gets that far. */
  ref?: string
}

type Spot = { file: string; line?: number; column?: number; ref?: string | undefined }

/** Puts an error in its place. */
export function findingOf(level: Finding['level'], { code, message, hint }: PortalError, spot: Spot): Finding {
  const { file, line = 1, column = 1, ref } = spot
  return { level, file, line, column, code, message, hint, ...(ref ? { ref } : {}) }
}
