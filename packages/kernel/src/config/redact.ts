import { walkNodes, type ConfigNode, type Json, type ScalarNode } from './configNode.ts'
import type { KeyPath } from './keyPath.ts'

const SECRET_KEY = /token|secret|password|privateKey|credential|connectionString|apiKey|accessKey/i
// why: a number is a secret only where the whole key says so, as in `maxTokens: 5` it is not.
const SECRET_NUMBER_KEY = /(?:token|secret|password|apiKey)$/i
// why: addresses and names come from the environment too, and hiding "localhost" in every log line helps nobody.
const PLAIN_KEY =
  /^(?:apiBaseUrl|baseUrl|client|database|host|hostname|listen|name|origin|port|rawBaseUrl|region|target|title|user|username)$/
const URL_PASSWORD = /^([a-z][a-z0-9+.-]*:\/\/[^:/@\s]*:)([^/\s]+)@/i
const SHORTEST_SECRET = 6

/** The values of a tree with `***` for what is secret. */
export function redactNode(node: ConfigNode, key = ''): Json {
  if (node.kind === 'list') return node.items.map(item => redactNode(item, key))
  if (node.kind === 'map') {
    const present = [...node.entries].filter(([, child]) => child.kind !== 'scalar' || child.value !== null)
    return Object.fromEntries(present.map(([name, child]) => [name, redactNode(child, name)]))
  }
  if (isSecret(node, key)) return '***'
  return typeof node.value === 'string' ? node.value.replace(URL_PASSWORD, '$1***@') : node.value
}

/** The secret texts of a tree that are long enough to be replaced in a log without harm, the longest first. */
export function listSecrets(root: ConfigNode): string[] {
  const texts = new Set<string>()
  walkNodes(root, (node, path) => {
    if (node.kind !== 'scalar') return
    const key = lastName(path)
    const value = String(node.value)
    if (isSecret(node, key)) for (const text of node.secrets ?? [value]) addText(texts, text)
    const password = URL_PASSWORD.exec(value)?.[2]
    if (password) for (const text of [password, decodeText(password)]) addText(texts, text)
  })
  return [...texts].sort((a, b) => b.length - a.length)
}

function isSecret(node: ScalarNode, key: string): boolean {
  if (typeof node.value === 'string' && SECRET_KEY.test(key)) return true
  if (typeof node.value === 'number' && SECRET_NUMBER_KEY.test(key)) return true
  return node.secrets !== undefined && !PLAIN_KEY.test(key)
}

function addText(texts: Set<string>, text: string): void {
  // why: a log line holds a key file with its lines escaped, so each line counts too.
  for (const part of [text, ...text.split('\n')]) if (part.trim().length >= SHORTEST_SECRET) texts.add(part.trim())
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // why: a password with a bare % is not encoded.
    return text
  }
}

function lastName(path: KeyPath): string {
  return String(path.findLast(step => typeof step === 'string') ?? '')
}
