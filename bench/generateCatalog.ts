import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const TAGS = ['java', 'go', 'rust', 'kafka', 'postgres', 'internal', 'public', 'batch', 'web', 'mobile', 'legacy', 'ml']
const LIFECYCLES = ['production', 'production', 'experimental', 'deprecated']
const TYPES = ['service', 'service', 'website', 'library']
const WORDS = 'keeps sends reads checks of the orders payments parcels routes invoices customers and every night for shops'.split(
  ' ',
)

/** The same catalog for the same count: half components, the rest APIs, resources, systems, teams and people. */
export async function generateCatalog(folder: string, count: number, perFile = 100): Promise<void> {
  const random = createRandom(42)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const groups = Math.max(1, Math.round(count * 0.03))
  const systems = Math.max(1, Math.round(count * 0.04))
  const resources = Math.max(1, Math.round(count * 0.12))
  const apis = Math.max(1, Math.round(count * 0.15))
  const users = Math.max(1, Math.round(count * 0.12))
  const owner = () => `group:default/team-${Math.floor(random() * groups)}`
  const system = () => `system-${Math.floor(random() * systems)}`
  const metadata = (name: string) => ({
    name,
    title: name.replaceAll('-', ' '),
    description: Array.from({ length: 12 }, () => pick(WORDS)).join(' '),
    labels: { 'example.com/tier': String(Math.floor(random() * 3)) },
    annotations: { 'example.com/slug': `acme/${name}`, 'backstage.io/techdocs-ref': 'dir:.' },
    tags: [...new Set([pick(TAGS), pick(TAGS), pick(TAGS)])],
    links: [{ url: `https://dash.example.com/${name}`, title: 'Dashboard' }],
  })
  const documents: object[] = []
  const add = (kind: string, name: string, spec: object) => {
    documents.push({ apiVersion: 'backstage.io/v1alpha1', kind, metadata: metadata(name), spec })
  }
  for (let i = 0; i < groups; i++)
    add('Group', `team-${i}`, { type: 'team', children: [], ...(i ? { parent: `team-${Math.floor(i / 6)}` } : {}) })
  for (let i = 0; i < users; i++) add('User', `person-${i}`, { memberOf: [`team-${i % groups}`] })
  for (let i = 0; i < systems; i++) add('System', `system-${i}`, { owner: owner() })
  for (let i = 0; i < resources; i++) add('Resource', `store-${i}`, { type: 'database', owner: owner(), system: system() })
  for (let i = 0; i < apis; i++) {
    const definition = `openapi: 3.1.0\ninfo: { title: api-${i}, version: 1.0.0 }\npaths: {}\n`
    add('API', `api-${i}`, { type: 'openapi', lifecycle: pick(LIFECYCLES), owner: owner(), system: system(), definition })
  }
  for (let i = 0; documents.length < count; i++) {
    add('Component', `part-${i}`, {
      type: pick(TYPES),
      lifecycle: pick(LIFECYCLES),
      owner: owner(),
      system: system(),
      dependsOn: [`resource:store-${Math.floor(random() * resources)}`],
      providesApis: [`api-${Math.floor(random() * apis)}`],
      consumesApis: [`api-${Math.floor(random() * apis)}`],
    })
  }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const targets: string[] = []
  for (let start = 0; start < documents.length; start += perFile) {
    const name = `part-${String(start / perFile).padStart(5, '0')}.yaml`
    targets.push(`./${name}`)
    // JSON is YAML: one document a line.
    await writeFile(
      join(folder, name),
      documents
        .slice(start, start + perFile)
        .map(each => `---\n${toYaml(each)}`)
        .join(''),
    )
  }
  const root = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: { name: 'bench-root' },
    spec: { type: 'file', targets },
  }
  await writeFile(join(folder, 'all.yaml'), JSON.stringify(root))
}

function toYaml(value: object, indent = ''): string {
  return Object.entries(value)
    .map(([key, child]) =>
      typeof child === 'object' && child !== null && !Array.isArray(child)
        ? `${indent}${key}:\n${toYaml(child as object, `${indent}  `)}`
        : `${indent}${key}: ${JSON.stringify(child)}\n`,
    )
    .join('')
}

function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
