import { Card } from '@callboard/ui/Card'
import { EntityLink } from '@callboard/ui/EntityLink'
import { Page } from '@callboard/ui/Page'
import { usePortal } from '@callboard/ui/Portal'
import { usePageTitle } from '@callboard/ui/usePageTitle'
import { useMantineColorScheme } from '@mantine/core'
import styles from './SettingsPage.module.css'
import { THEMES } from './themes.ts'

/** What a person can choose, and what they may need to tell when they ask for help. */
export function SettingsPage() {
  usePageTitle('Settings')
  const { title, organization, version, actor } = usePortal()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Page title="Settings" width="text">
      <div className={styles.cards}>
        <Card title="Appearance">
          <fieldset className={styles.themes}>
            <legend className={styles.legend}>Theme of this browser</legend>
            {THEMES.map(({ value, label, icon: Sign }) => (
              <label key={value} className={styles.theme}>
                <input
                  type="radio"
                  name="theme"
                  value={value}
                  checked={value === colorScheme}
                  onChange={() => setColorScheme(value)}
                />
                <Sign size={17} stroke={1.75} aria-hidden />
                {label}
              </label>
            ))}
          </fieldset>
        </Card>
        <Card title="You">
          <dl className={styles.facts}>
            <dt>Signed in as</dt>
            <dd>{actor.id.startsWith('user:') ? <EntityLink entityRef={actor.id} title={actor.id} /> : actor.id || 'nobody'}</dd>
            <dt>Kind of sign-in</dt>
            <dd>{actor.type || 'none'}</dd>
          </dl>
        </Card>
        <Card title="This portal">
          <dl className={styles.facts}>
            <dt>Title</dt>
            <dd>{title}</dd>
            <dt>Organization</dt>
            <dd>{organization ?? '–'}</dd>
            <dt>Callboard version</dt>
            <dd>{version || '–'}</dd>
          </dl>
        </Card>
      </div>
    </Page>
  )
}
