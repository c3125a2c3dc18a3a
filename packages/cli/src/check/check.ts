import { relative } from 'node:path'
import type { Command } from '../commands.ts'
import { cliErrors } from '../errors.ts'
import { readOptions } from '../readOptions.ts'
import { checkFile, type CheckedFile } from './checkFile.ts'
import { findDuplicates } from './findDuplicates.ts'
import { findFiles } from './findFiles.ts'
import type { Finding } from './finding.ts'

const usage = `callboard check     Check catalog files without a portal

  callboard check <files, patterns or folders…> [--json] [--strict]

  --json     print JSON: {files, entities, errors, warnings, findings}
  --strict   let warnings fail as errors do

  Nothing is fetched: what a file takes from a URL counts as right. Of a folder the files are checked whose
  documents say apiVersion: backstage.io/…, but no skeletons of templates. Ends with 1 when something is wrong.`

const options = {
  json: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
} as const

export const command: Command = { usage, run }

async function run(args: string[]): Promise<number> {
  const { values, positionals } = readOptions('check', args, options, { files: true })
  if (positionals.length === 0) throw cliErrors.FILES_MISSING()
  const paths = await findFiles(positionals)
  const files: CheckedFile[] = []
  for (const path of paths) files.push(await checkFile(path))
  const findings = [...files.flatMap(file => file.findings), ...findDuplicates(files)].toSorted(byPlace)
  const errors = findings.filter(({ level }) => level === 'error').length
  const counts = {
    files: files.length,
    entities: files.flatMap(file => file.entities).length,
    errors,
    warnings: findings.length - errors,
  }
  console.log(
    values.json ? JSON.stringify({ ...counts, findings }, null, 2) : [...findings.map(describe), summarise(counts)].join('\n'),
  )
  return errors > 0 || (values.strict && findings.length > 0) ? 1 : 0
}

function byPlace(a: Finding, b: Finding): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column
}

function describe({ file, line, column, code, level, message, hint }: Finding): string {
  const path = relative(process.cwd(), file)
  const place = `${path.startsWith('..') ? file : path}:${line}:${column}`
  return `${place}  ${code}  ${level === 'warning' ? 'warning: ' : ''}${message}\n  hint: ${hint}`
}

function summarise(counts: { files: number; entities: number; errors: number; warnings: number }): string {
  const { files, entities, errors, warnings } = counts
  return `${amount(files, 'file')}, ${entities === 1 ? '1 entity' : `${entities} entities`}: ${amount(errors, 'error')}, ${amount(warnings, 'warning')}`
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
