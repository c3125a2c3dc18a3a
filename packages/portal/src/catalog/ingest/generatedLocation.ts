import { ANNOTATION, type Entity } from '@callboard/sdk'
import { hash } from 'node:crypto'
import { stringifyLocationRef, type LocationRef } from '../locationRef.ts'

/** The Location entity that stands for a registration, named as Backstage names it. */
export function generatedLocation(location: LocationRef, presence?: 'optional'): Entity {
  const ref = stringifyLocationRef(location)
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: {
      name: `generated-${hash('sha1', ref)}`,
      namespace: 'default',
      annotations: { [ANNOTATION.location]: ref, [ANNOTATION.originLocation]: ref },
    },
    spec: { type: location.type, target: location.target, ...(presence ? { presence } : {}) },
  }
}

/** Ref of the entity of a registration. */
export function generatedLocationRef(location: LocationRef): string {
  return `location:default/generated-${hash('sha1', stringifyLocationRef(location))}`
}
