import type { TestProject } from 'vitest/node'
import { findPostgres, startPostgres } from './startPostgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Which database the portals of this run are on. */
    database: 'pglite' | 'postgres'
    /** A running PostgreSQL; empty when this machine has none. */
    postgresUrl: string
  }
}

/** Vitest's global set-up: one PostgreSQL for the whole run. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const bin = findPostgres()
  if (!bin) {
    console.warn('SKIPPED: all tests on PostgreSQL, because initdb and postgres are not on this machine.')
    project.provide('postgresUrl', '')
    return undefined
  }
  const server = await startPostgres(bin)
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
