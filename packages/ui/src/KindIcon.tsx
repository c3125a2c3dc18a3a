import {
  IconBox,
  IconBraces,
  IconDatabase,
  IconFileText,
  IconMapPin,
  IconPuzzle,
  IconStack2,
  IconTemplate,
  IconUser,
  IconUsers,
  IconWorld,
  type Icon,
} from '@tabler/icons-react'
import styles from './KindIcon.module.css'

const ICONS: Record<string, Icon> = {
  component: IconBox,
  api: IconBraces,
  resource: IconDatabase,
  system: IconStack2,
  domain: IconWorld,
  group: IconUsers,
  user: IconUser,
  template: IconTemplate,
  location: IconMapPin,
  document: IconFileText,
}

/** The sign of a kind, in its colour; on a tile where there is room. It says nothing to screen readers: write the kind beside it. */
export function KindIcon({ kind, size = 16, tile = false }: { kind: string; size?: number; tile?: boolean }) {
  const name = kind.toLowerCase()
  const Sign = ICONS[name] ?? IconPuzzle
  const sign = <Sign size={size} stroke={1.75} aria-hidden className={styles.icon} data-kind={name} />
  if (!tile) return sign
  return (
    <span className={styles.tile} data-kind={name} style={{ width: size * 1.75, height: size * 1.75 }}>
      {sign}
    </span>
  )
}
