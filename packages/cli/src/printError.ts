import { showPlace } from '@callboard/kernel/config/showPlace'
import { formatPlace, PortalError, type Place } from '@callboard/sdk/errors'
import { AnswerError, showFault } from './catalog/answerError.ts'
import { isUsageError } from './errors.ts'

/** Writes an error to standard error: of the portal's own its code, sentence, place and hint, of any other its stack. */
export function printError(error: unknown): void {
  console.error(error instanceof PortalError ? describeError(error) : error)
}

/** 2 when the command was typed wrongly, otherwise 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof PortalError && isUsageError(error.code) ? 2 : 1
}

function describeError(error: PortalError): string {
  const { code, message, where, hint } = error
  const place = placeOf(where)
  const lines = [
    `${code}  ${message}`,
    ...(error instanceof AnswerError ? showFault(error).map(line => `  ${line}`) : []),
    ...(place && !message.includes(place) ? [`  at: ${place}`] : []),
    ...(hint ? [`  hint: ${indent(hint)}`] : []),
  ]
  return lines.join('\n')
}

function placeOf(where: Place | undefined): string {
  if (!where) return ''
  const { file, line, column, ...about } = where
  return [showPlace({ file, line, column }, process.cwd()), formatPlace(about)].filter(part => part !== '').join(', ')
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n  ')
}
