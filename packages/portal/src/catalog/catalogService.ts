import { defineService, type Actor, type Entity } from '@callboard/sdk'

/** What other features may ask of the catalog. Every answer is within what the actor may see. */
export type CatalogService = {
  /** An entity, and for each of the queries whether it finds the entity. Undefined when it is not there. */
  findEntity(
    ref: string,
    actor: Actor,
    queries?: (string | undefined)[],
  ): Promise<{ entity: Entity; matches: boolean[] } | undefined>
  /** Brings the list of sources up to date, reads what is new or has changed, and waits until all of it is stored. */
  readSources(): Promise<void>
}

export const catalogService = defineService<CatalogService>('catalog')
