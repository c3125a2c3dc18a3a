import { isAbsolute, relative } from 'node:path'
import { formatPlace, type Place } from '@callboard/sdk/errors'

/** The place for a sentence: the file relative to the working folder where that is shorter, without the key. */
export function showPlace(place: Place | undefined, cwd: string): string {
  if (!place) return ''
  return formatPlace({ ...place, file: place.file && shortPath(place.file, cwd), key: undefined })
}

function shortPath(file: string, cwd: string): string {
  const path = relative(cwd, file)
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path
}
