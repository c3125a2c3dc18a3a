import { clearBit, createBits, hasBit, setBit, type Bits } from './bits.ts'
import { Column, Dictionary, isOddText } from './columns.ts'
import { GraphBuilder, type Graph, type GraphEdge } from './graph.ts'
import { parseTerms, PostingsBuilder, type Postings } from './postings.ts'
import { Texts } from './texts.ts'

/** The current state of one entity, as it is loaded. */
export type IndexRow = {
  ref: string
  kind: string
  namespace: string
  title: string | null
  type: string | null
  lifecycle: string | null
  /** Microseconds since 1970. */
  changed: number
  /** `{1,2,3}` */
  terms: string
  words: string
  /** Id of its row, by which its body is found. */
  version: number
  /** JSON of its values by field. */
  fields: string | null
}

export type EdgeRow = { source: string; type: string; target: string; emittedByTarget: boolean }

/** What changed since the index was loaded or brought up to date: of each ref what it is now. */
export type IndexChange = { refs: string[]; rows: IndexRow[]; edges: EdgeRow[] }

/** Room for so many more refs than were loaded; after that the index is loaded anew. */
const ROOM = 4096

/** Takes rows, then edges, and makes an index of them. */
export class IndexBuilder {
  readonly #rows: Described[] = []
  readonly #postings = new PostingsBuilder()
  readonly #graph = new GraphBuilder()
  readonly #words = new Texts()
  readonly #refs: string[] = []
  readonly #nodes = new Map<string, number>()

  /** Rows come once each, and all of them before the edges. */
  addRow({ terms, words, fields: _, ...row }: IndexRow): void {
    const node = this.#node(row.ref)
    this.#rows.push(row)
    this.#postings.add(terms)
    this.#words.set(node, words)
  }

  addEdge({ source, type, target, emittedByTarget }: EdgeRow): void {
    this.#graph.add({ source: this.#node(source), type, target: this.#node(target), emittedByTarget })
  }

  finish(): IndexData {
    const capacity = Math.ceil(this.#refs.length * 1.25) + ROOM
    const parts = { postings: this.#postings.finish(capacity), graph: this.#graph.finish(capacity), words: this.#words }
    const data = new IndexData(capacity, this.#refs, this.#nodes, parts)
    for (const [node, row] of this.#rows.entries()) data.describe(node, row)
    return data
  }

  #node(ref: string): number {
    const known = this.#nodes.get(ref)
    if (known !== undefined) return known
    this.#nodes.set(ref, this.#refs.length)
    return this.#refs.push(ref) - 1
  }
}

type Parts = { postings: Postings; graph: Graph; words: Texts }
type Described = Omit<IndexRow, 'terms' | 'words' | 'fields'>

/** Everything current, by number: an entity, and a ref that only an edge names, is a node. */
export class IndexData {
  readonly postings: Postings
  readonly graph: Graph
  readonly words: Texts
  readonly live: Bits
  readonly broken: Bits
  readonly kind: Dictionary
  readonly namespace: Dictionary
  readonly type: Dictionary
  readonly lifecycle: Dictionary
  readonly titles: (string | undefined)[] = []
  readonly changed: Float64Array
  readonly versions: Float64Array
  /** Columns of further fields, by their path; loaded when they are asked for. */
  readonly columns = new Map<string, Column>()
  /** JSON of relations by entity, until something changes. */
  readonly printed = new Map<number, string>()
  /** Called with the nodes that changed. */
  readonly listeners = new Set<(nodes: number[]) => void>()
  /** Whether titles sort differently here than in the database. */
  hasOddTitles = false
  #problems = new Map<string, string>()
  /** What changes of columns that are just being loaded. */
  readonly #loading = new Map<string, Map<number, string[] | undefined>>()
  readonly capacity: number
  readonly #refs: string[]
  readonly #nodes: Map<string, number>

  constructor(capacity: number, refs: string[], nodes: Map<string, number>, { postings, graph, words }: Parts) {
    this.capacity = capacity
    this.#refs = refs
    this.#nodes = nodes
    this.postings = postings
    this.graph = graph
    this.words = words
    this.live = createBits(capacity)
    this.broken = createBits(capacity)
    this.kind = new Dictionary(capacity)
    this.namespace = new Dictionary(capacity)
    this.type = new Dictionary(capacity)
    this.lifecycle = new Dictionary(capacity)
    this.changed = new Float64Array(capacity)
    this.versions = new Float64Array(capacity)
  }

  refOf(node: number): string {
    return this.#refs[node] ?? ''
  }

  /** The number of a ref, whether or not there is an entity. */
  findNode(ref: string): number | undefined {
    return this.#nodes.get(ref)
  }

  /** The number of an entity that is there. */
  findEntity(ref: string): number | undefined {
    const node = this.#nodes.get(ref)
    return node !== undefined && hasBit(this.live, node) ? node : undefined
  }

  nodeCount(): number {
    return this.#refs.length
  }

  /** JSON of the problems of an entity. */
  problemsOf(node: number): string | null {
    return this.#problems.get(this.refOf(node)) ?? null
  }

  setProblems(problems: Map<string, string>): void {
    this.#problems = problems
    this.broken.fill(0)
    this.#markBroken()
  }

  #markBroken(): void {
    for (const ref of this.#problems.keys()) {
      const node = this.findEntity(ref)
      if (node !== undefined) setBit(this.broken, node)
    }
  }

  isLoading(field: string): boolean {
    return this.#loading.has(field)
  }

  /** A column is being loaded. @returns how to end that, with the column or without */
  beginColumn(field: string): (column: Column | undefined) => void {
    const changed = new Map<number, string[] | undefined>()
    this.#loading.set(field, changed)
    return column => {
      this.#loading.delete(field)
      if (!column) return
      for (const [node, values] of changed) column.set(node, values)
      this.columns.set(field, column)
    }
  }

  describe(node: number, { kind, namespace, type, lifecycle, title, changed, version }: Described): void {
    setBit(this.live, node)
    this.kind.set(node, kind)
    this.namespace.set(node, namespace)
    this.type.set(node, type)
    this.lifecycle.set(node, lifecycle)
    this.changed[node] = changed
    this.versions[node] = version
    if (title !== null) this.hasOddTitles ||= isOddText(title)
    this.titles[node] = title ?? undefined
  }

  /** @returns false when there is no room for what is new: then nothing is changed. */
  apply({ refs, rows, edges }: IndexChange): boolean {
    const all = new Set([...refs, ...edges.flatMap(each => [each.source, each.target])])
    const added = all
      .values()
      .filter(ref => !this.#nodes.has(ref))
      .toArray()
    if (this.#refs.length + added.length > this.capacity) return false
    for (const ref of added) this.#nodes.set(ref, this.#refs.push(ref) - 1)
    const rowByRef = new Map(rows.map(row => [row.ref, row]))
    const edgesByRef = Map.groupBy(edges, each => (each.emittedByTarget ? each.target : each.source))
    const nodes: number[] = []
    for (const ref of new Set(refs)) {
      const node = this.#nodeOf(ref)
      const row = rowByRef.get(ref)
      nodes.push(node)
      this.#write(node, row)
      this.graph.replace(
        node,
        (edgesByRef.get(ref) ?? []).map(each => this.#numbered(each)),
      )
    }
    this.#markBroken()
    this.printed.clear()
    for (const tell of this.listeners) tell(nodes)
    return true
  }

  #write(node: number, row: IndexRow | undefined): void {
    this.postings.replace(node, row && parseTerms(row.terms))
    const fields = row?.fields ? (JSON.parse(row.fields) as Record<string, string[]>) : undefined
    for (const [field, column] of this.columns) column.set(node, fields?.[field])
    for (const [field, values] of this.#loading) values.set(node, fields?.[field])
    if (row) {
      this.describe(node, row)
      this.words.set(node, row.words)
      return
    }
    clearBit(this.live, node)
    clearBit(this.broken, node)
    this.words.remove(node)
    this.titles[node] = undefined
    for (const dictionary of [this.kind, this.namespace, this.type, this.lifecycle]) dictionary.set(node, null)
  }

  #numbered({ source, type, target, emittedByTarget }: EdgeRow): GraphEdge {
    return { source: this.#nodeOf(source), type, target: this.#nodeOf(target), emittedByTarget }
  }

  #nodeOf(ref: string): number {
    const node = this.#nodes.get(ref)
    if (node === undefined) throw new Error(`The index has no number for ${ref}`)
    return node
  }
}
