import { expect, it } from 'vitest'
import { createTestPortal } from './testkit/createTestPortal.ts'
import { component, documents, group } from './testkit/descriptors.ts'
import { find, names, problems, versions } from './testkit/readCatalog.ts'
import { until } from './testkit/until.ts'

const CREATE_APP = `
app:
  title: Scaffolded Backstage App
  baseUrl: http://localhost:3000
  extensions:
    - page:catalog:
        config:
          path: /
    - api:app/some-api: false
organization:
  name: My Company
backend:
  # Used for enabling authentication, secret is shared by all backend plugins
  # auth:
  #   keys:
  #     - secret: \${BACKEND_SECRET}
  baseUrl: http://localhost:7007
  listen:
    port: 7007
  csp:
    connect-src: ["'self'", 'http:', 'https:']
  cors:
    origin: http://localhost:3000
    methods: [GET, HEAD, PATCH, POST, PUT, DELETE]
    credentials: true
  database:
    client: better-sqlite3
    connection: ':memory:'
integrations:
  github:
    - host: github.com
      token: \${GITHUB_TOKEN}
proxy:
techdocs:
  builder: 'local' # Alternatives - 'external'
  generator:
    runIn: 'docker' # Alternatives - 'local'
  publisher:
    type: 'local' # Alternatives - 'googleGcs' or 'awsS3'. Read documentation for using alternatives.
auth:
  # see https://backstage.io/docs/auth/ to learn about auth providers
  providers:
    guest: {}
scaffolder:
catalog:
  import:
    entityFilename: catalog-info.yaml
    pullRequestBranchName: backstage-integration
  rules:
    - allow: [Component, System, API, Resource, Location]
  locations:
    - type: file
      target: ../../examples/entities.yaml
    - type: file
      target: ../../examples/template/template.yaml
      rules:
        - allow: [Template]
    - type: file
      target: ../../examples/org.yaml
      rules:
        - allow: [User, Group]
kubernetes:
permission:
  enabled: true
`

const TEMPLATE =
  'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: { name: example }\nspec: { owner: user:guest, type: service, steps: [{ action: debug:log }] }\n'

it('an app-config.yaml as create-app makes it works unmodified', async () => {
  const user = JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name: 'guest' },
    spec: { memberOf: ['guests'] },
  })
  const portal = await createTestPortal({
    files: {
      'app-config.yaml': CREATE_APP,
      'packages/backend/package.json': '{}',
      'examples/entities.yaml': documents(component('example-website', { owner: 'guests', system: 'examples' })),
      'examples/template/template.yaml': TEMPLATE,
      'examples/org.yaml': documents(user, group('guests')),
    },
  })
  await until(async () => expect((await portal.get('/api/catalog/entities/by-query?limit=0')).totalItems).toBe(7))
  expect(await names(portal, 'kind=component&filter=kind=template&filter=kind=user&filter=kind=group')).toEqual([
    'example',
    'example-website',
    'guest',
    'guests',
  ])
  expect(await problems(portal)).toEqual([])
  const location = `file:${portal.folder}/examples/entities.yaml`
  expect((await find(portal, 'example-website')).metadata.annotations).toEqual({
    'backstage.io/managed-by-location': location,
    'backstage.io/managed-by-origin-location': location,
  })
  expect(await versions(portal, 'example-website')).toMatchObject([{ version: 1, cause: 'added', actor: 'system' }])
  expect((await portal.get('/api/shell/info')).title).toBe('Scaffolded Backstage App')
  const unused = portal.log.filter(line => line.includes('nothing here uses'))
  expect(unused.map(line => JSON.parse(line).msg)).toEqual([
    expect.stringMatching(/^Configuration that nothing here uses: .*techdocs/),
  ])
})
