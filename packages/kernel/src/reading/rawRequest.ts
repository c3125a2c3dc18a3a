import type { Integrations } from '../config/integrationsSchema.ts'
import { findGitPlace } from './gitPlace.ts'
import type { AppAccess } from './githubApp.ts'

/** The request that answers with the plain content of a file. */
export type RawRequest = {
  url: string
  headers: Record<string, string>
  /** Whose limit at the host it counts against. */
  account?: string
  /** The GitHub App whose token goes with it. */
  app?: AppAccess
  /** How the host packs the content. */
  encoding?: 'base64'
}

/**
 * Turns the page of a file on a known Git host into the request for its content, with the token of the integration.
 * Any other URL stays as it is and gets no token.
 */
export function toRawRequest(url: string, integrations: Integrations): RawRequest {
  const place = findGitPlace(url, integrations)
  return place && place.git.path !== '' ? place.file : { url, headers: {} }
}
