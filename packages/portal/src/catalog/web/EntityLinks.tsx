import type { EntityLink } from '@callboard/sdk/entity'
import { AppLink } from '@callboard/ui/AppLink'
import { findSafeHref } from '@callboard/ui/safeHref'
import {
  IconAlertTriangle,
  IconBook2,
  IconBrandGithub,
  IconChartBar,
  IconCloud,
  IconCode,
  IconHelpCircle,
  IconLayoutDashboard,
  IconLink,
  IconMail,
  IconMessageCircle,
  IconUsers,
  IconWorld,
  type Icon,
} from '@tabler/icons-react'
import styles from './EntityLinks.module.css'

/** Icons by the names that people use in `metadata.links`; any other name gets a chain. */
const ICONS: Record<string, Icon> = {
  alert: IconAlertTriangle,
  chart: IconChartBar,
  chat: IconMessageCircle,
  cloud: IconCloud,
  code: IconCode,
  dashboard: IconLayoutDashboard,
  docs: IconBook2,
  documentation: IconBook2,
  email: IconMail,
  github: IconBrandGithub,
  group: IconUsers,
  help: IconHelpCircle,
  mail: IconMail,
  scaffolder: IconCode,
  techdocs: IconBook2,
  warning: IconAlertTriangle,
  web: IconWorld,
}

/** The links that the author of an entity gave. */
export function EntityLinks({ links }: { links: EntityLink[] }) {
  if (!links.length) return null
  return (
    <section aria-labelledby="links-title">
      <h2 className={styles.title} id="links-title">
        Links
      </h2>
      <ul className={styles.links}>
        {links.map(({ url, title, icon }, index) => {
          const Sign = ICONS[icon?.toLowerCase() ?? ''] ?? IconLink
          const isSafe = findSafeHref(url) !== undefined
          return (
            <li key={index}>
              <AppLink className={styles.link} href={url} title={url} data-off={isSafe ? undefined : true}>
                <Sign size={16} stroke={1.75} aria-hidden />
                <span className={styles.label}>{title || url}</span>
              </AppLink>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
