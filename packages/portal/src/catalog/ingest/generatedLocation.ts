import { ANNOTATION, type Entity } from '@callboard/sdk'
import { hash } from 'node:crypto'
import { stringifyLocationRef, type NamedLocation } from '../locationRef.ts'

/** The Location entity that stands for a registration, named as Backstage names it. */
export function generatedLocation(location: NamedLocation): Entity {
  const ref = stringifyLocationRef(location)
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: {
      name: nameOf(location),
      namespace: 'default',
      annotations: { [ANNOTATION.location]: ref, [ANNOTATION.originLocation]: ref },
    },
    spec: { type: location.type, target: location.target },
  }
}

/** Ref of the entity of a registration. */
export function generatedLocationRef(location: NamedLocation): string {
  return `location:default/${nameOf(location)}`
}

function nameOf(location: NamedLocation): string {
  return `generated-${hash('sha1', location.namedAfter ?? stringifyLocationRef(location))}`
}
