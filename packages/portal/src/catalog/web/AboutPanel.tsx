import { ANNOTATION, type Entity, type Json } from '@callboard/sdk/entity'
import { AppLink } from '@callboard/ui/AppLink'
import { EntityLink } from '@callboard/ui/EntityLink'
import { Tag } from '@callboard/ui/Tag'
import type { ReactNode } from 'react'
import styles from './AboutPanel.module.css'
import { getCatalogHref } from './catalogSearch.ts'
import type { Titles } from './fetchTitles.ts'
import { Lifecycle } from './Lifecycle.tsx'
import { readTarget, shortenPath } from './sourcePlace.ts'

/** The facts about an entity that everybody looks for. */
export function AboutPanel({ entity, titles }: { entity: Entity; titles: Titles | undefined }) {
  const { metadata, spec = {}, relations = [] } = entity
  const kind = entity.kind.toLowerCase()
  const targets = (type: string, of = '') => relations.filter(each => each.type === type && each.targetRef.startsWith(of))
  const refs = (found: { targetRef: string }[]) =>
    found.length > 0 && (
      <span className={styles.refs}>
        {found.map(({ targetRef }) => (
          <EntityLink
            key={targetRef}
            entityRef={targetRef}
            title={titles?.get(targetRef)?.title}
            missing={titles?.get(targetRef) === null}
          />
        ))}
      </span>
    )
  const location = metadata.annotations?.[ANNOTATION.location]
  const email = readField(spec.profile, 'email')
  const locationTargets = [spec.target, ...(Array.isArray(spec.targets) ? spec.targets : [])].filter(
    each => typeof each === 'string',
  )
  return (
    <section className={styles.panel} aria-labelledby="about-title">
      <h2 className={styles.title} id="about-title">
        About
      </h2>
      <dl className={styles.facts}>
        <Fact label="Owner">{refs(targets('ownedBy'))}</Fact>
        <Fact label="System">{refs(targets('partOf', 'system:'))}</Fact>
        <Fact label="Domain">{refs(targets('partOf', 'domain:'))}</Fact>
        <Fact label="Parent">{refs(targets('childOf'))}</Fact>
        <Fact label="Teams">{kind === 'user' && refs(targets('memberOf'))}</Fact>
        <Fact label="Email">
          {email && (
            <AppLink className={styles.link} href={`mailto:${email}`}>
              {email}
            </AppLink>
          )}
        </Fact>
        <Fact label="Type">{typeof spec.type === 'string' && spec.type}</Fact>
        <Fact label="Lifecycle">{typeof spec.lifecycle === 'string' && <Lifecycle name={spec.lifecycle} />}</Fact>
        <Fact label="Namespace">{metadata.namespace && metadata.namespace !== 'default' && metadata.namespace}</Fact>
        <Fact label="Targets">
          {locationTargets.length > 0 && <span className={styles.path}>{locationTargets.join('\n')}</span>}
        </Fact>
        <Fact label="Tags">
          {metadata.tags && metadata.tags.length > 0 && (
            <span className={styles.tags}>
              {metadata.tags.map(tag => (
                <Tag key={tag} href={getCatalogHref({ kind, tag: [tag] })}>
                  {tag}
                </Tag>
              ))}
            </span>
          )}
        </Fact>
        <Fact label="Read from">
          {location && (
            <span className={styles.path} title={readTarget(location)}>
              {shortenPath(readTarget(location))}
            </span>
          )}
        </Fact>
      </dl>
    </section>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (!children) return null
  return (
    <div className={styles.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function readField(value: Json | undefined, key: string): string {
  const field = value && typeof value === 'object' && !Array.isArray(value) ? value[key] : undefined
  return typeof field === 'string' ? field : ''
}
