import { defineConfig } from 'vitest/config'

const postgres = './packages/portal/src/testkit/postgresForTests.ts'
const portals = ['packages/portal/src/**/*.portal.test.ts', 'compat/**/*.test.ts']

/** Tests that start a portal run twice: on the embedded database and on PostgreSQL. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: [postgres],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['packages/**/*.test.ts'], exclude: ['**/*.portal.test.ts', '**/node_modules/**'] },
      },
      { extends: true, test: { name: 'pglite', include: portals, provide: { database: 'pglite' } } },
      { extends: true, test: { name: 'postgres', include: portals, provide: { database: 'postgres' } } },
      { extends: true, test: { name: 'browser', include: ['e2e/**/*.test.ts'], provide: { database: 'pglite' } } },
    ],
  },
})
