import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Actor, Permission, Policy } from './actor.ts'
import type { Entity, JsonObject } from './entity.ts'
import type { View } from './views.ts'

/** Letters and digits in lower case, joined by single dashes: it becomes a path, a key and a schema name. */
export const PLUGIN_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** `/:id` gives `{ id: string }`; `/*` gives `{ '*': string }`. */
export type PathParams<P extends string> = P extends `${infer Head}/${infer Tail}`
  ? PathParams<Head> & PathParams<Tail>
  : P extends `:${infer Name}`
    ? { [K in Name]: string }
    : P extends '*'
      ? { '*': string }
      : unknown

export type PortalRequest<P extends string = string, Q = unknown, B = unknown> = {
  params: PathParams<P>
  query: Q
  body: B
  headers: Record<string, string | string[] | undefined>
  actor: Actor
  signal: AbortSignal
}

export type RouteOptions<Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> = {
  /** One sentence for the API reference. */
  summary?: string
  query?: Q
  body?: B
  /** Checked and documented; what does not fit is an error of the plugin. */
  reply?: R
  /** Status of a good answer. Default 200. */
  status?: number
  /** What the actor must be allowed to do. */
  permission?: Permission
}

export type Route = <P extends string, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  path: P,
  options: RouteOptions<Q, B, R>,
  handler: (request: PortalRequest<P, z.output<Q>, z.output<B>>) => z.input<R> | Reply | Promise<z.input<R> | Reply>,
) => void

export type Card = {
  title: string
  /** A query: the card is shown on the pages of the entities that it finds. Without it, on all. */
  for?: string
  view: (entity: Entity, context: { actor: Actor; signal: AbortSignal }) => View | Promise<View>
}

/** A tab on the pages of entities, made and shown like a card. */
export type Tab = Card

export type Page = {
  title: string
  /** Below `/plugins/<plugin>`; default that path itself. */
  path?: string
  view: (context: { actor: Actor; signal: AbortSignal }) => View | Promise<View>
}

export type SourceMutation = { type: 'full'; entities: Entity[] } | { type: 'delta'; upsert: Entity[]; remove: string[] }

export type Source = {
  /** Unique within the plugin. */
  name: string
  /** How often `read` is called, such as `5 minutes`. Default: only at start and when asked to refresh. */
  every?: string
  /** All entities that the source knows now, or what changed. */
  read: (context: { signal: AbortSignal }) => SourceMutation | Promise<SourceMutation>
}

export type Kind = {
  /** Such as `Environment`; one that exists is added to. */
  kind: string
  /** For many of them. Default: the kind and an s. */
  plural?: string
  /** What entities may say as apiVersion. Default: those of the core kinds. */
  apiVersions?: string[]
  description?: string
  /** Name of an icon of the portal. */
  icon?: string
  /** JSON Schema of `spec`. Keys that it does not name are kept. */
  spec?: JsonObject
  /** Fields of `spec` that point to other entities. */
  relations?: {
    field: string
    relation: string
    /** Name of a new relation at its other end. */
    inverse?: string
    defaultKind?: string
    defaultNamespace?: 'inherit' | 'default'
    allowedKinds?: string[]
    cardinality?: 'one' | 'many'
  }[]
  /** Columns of its list behind the name. */
  columns?: { title: string; field: string }[]
  /** Fields of `spec` in the order in which they are shown. */
  form?: string[]
  /** Paths in `spec` whose texts are found by words. */
  searchable?: string[]
}

export type PortalEvents = {
  /** Entities were written, by whatever replica: canonical refs, after the transaction. Every replica hears of every change. */
  'catalog.changed': { refs: string[]; revision: number }
  /** Something is wrong that was not, or no more. */
  'catalog.problems': { revision: number }
}

/** A name and a type under which one plugin provides something and others use it. */
export type Service<T> = { readonly id: string; readonly type?: T }

/** Names a service. Both sides import the same constant. */
export function defineService<T extends object>(id: string): Service<T> {
  return { id }
}

export type Log = {
  debug(message: string, fields?: object): void
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}

/** The portal as one plugin is given it. All verbs add; none replaces what another plugin did. */
export type Portal<C> = {
  readonly name: string
  /** The plugin's section of the configuration, checked against its schema. */
  readonly config: C
  readonly log: Log
  /** The database; unqualified names are tables of the plugin's own schema. */
  // why: the tables belong to the plugin, which narrows the type with `Kysely<MyTables>`.
  readonly db: Kysely<any>
  readonly get: Route
  readonly post: Route
  readonly put: Route
  readonly patch: Route
  readonly delete: Route
  card(card: Card): void
  /** Adds a tab to the pages of entities. */
  tab(tab: Tab): void
  /** Adds a kind of entity, or fields and relations to one that exists. */
  kind(kind: Kind): void
  page(page: Page): void
  source(source: Source): void
  /** Runs once in the cluster per interval, such as `10 minutes`. */
  every(interval: string, run: (context: { signal: AbortSignal }) => unknown): void
  on<E extends keyof PortalEvents>(event: E, run: (payload: PortalEvents[E]) => unknown): void
  policy(policy: Policy): void
  provide<T extends object>(service: Service<T>, implementation: T): void
  /** The service another plugin provides. It can be called once all plugins are set up. */
  use<T extends object>(service: Service<T>): T
  /**
   * Fetches JSON through the portal's safe client and checks its shape.
   *
   * @throws PortalError when the host is not allowed, does not answer, or answers with another shape
   */
  fetchJson<T extends z.ZodType>(url: string, shape: T): Promise<z.output<T>>
}

export type Plugin<S extends z.ZodType = z.ZodType> = {
  name: string
  /** Schema of the section of app-config.yaml that has the plugin's name. */
  config?: S
  /** Folder with `NNN-words.sql` files, as a file URL; they run in the plugin's own schema, forward only. */
  migrations?: URL
  setup(portal: Portal<z.output<S>>): void | Promise<void>
}

/**
 * Declares a plugin: the default export of its file.
 *
 * @example
 * export default definePlugin({
 *   name: 'hello',
 *   setup(portal) {
 *     portal.get('/', {}, () => ({ hello: 'world' }))
 *   },
 * })
 */
export function definePlugin<S extends z.ZodType>(plugin: Plugin<S>): Plugin<S> {
  return plugin
}

/** An answer with its own status or headers. A string body is sent as it is. */
export class Reply {
  readonly body: unknown
  readonly status: number
  readonly headers: Record<string, string>

  constructor(body: unknown, status: number, headers: Record<string, string>) {
    this.body = body
    this.status = status
    this.headers = headers
  }
}

/**
 * Answers with a status or headers of its own instead of plain 200 and JSON.
 *
 * @example
 * portal.delete('/:id', {}, () => respond(undefined, { status: 204 }))
 */
export function respond(body: unknown, options: { status?: number; headers?: Record<string, string> } = {}): Reply {
  return new Reply(body, options.status ?? 200, options.headers ?? {})
}
