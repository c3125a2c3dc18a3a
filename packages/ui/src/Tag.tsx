import { AppLink } from './AppLink.tsx'
import styles from './Tag.module.css'

/** A small label; with an address it is a link. */
export function Tag({ children, href }: { children: string; href?: string }) {
  if (!href) {
    return (
      <span className={styles.tag} title={children}>
        {children}
      </span>
    )
  }
  return (
    <AppLink className={styles.tag} href={href} title={children}>
      {children}
    </AppLink>
  )
}
