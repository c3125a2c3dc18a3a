import { portalErrors } from '@callboard/portal/errors'
import { relative } from 'node:path'
import type { CheckedFile } from './checkFile.ts'
import { findingOf, type Finding } from './finding.ts'

/** Warns about every entity that the files declare again after its first declaration. */
export function findDuplicates(files: CheckedFile[]): Finding[] {
  const first = new Map<string, string>()
  const findings: Finding[] = []
  for (const { file, entities } of files) {
    for (const { ref, line, column } of entities) {
      const other = first.get(ref)
      if (other === undefined) first.set(ref, file)
      else {
        const error =
          other === file
            ? portalErrors.DESCRIPTOR_DUPLICATE({ ref })
            : portalErrors.CATALOG_CONFLICT({ ref, other: relative(process.cwd(), other) })
        findings.push(findingOf('warning', error, { file, line, column, ref }))
      }
    }
  }
  return findings
}
