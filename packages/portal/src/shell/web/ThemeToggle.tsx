import { ActionIcon, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconDeviceDesktop } from '@tabler/icons-react'
import { useRef } from 'react'
import { THEMES } from './themes.ts'
import styles from './ThemeToggle.module.css'

/** Chooses between light, dark and what the system says. */
export function ThemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const menu = useRef<HTMLDivElement>(null)
  const current = THEMES.find(({ value }) => value === colorScheme)
  const Sign = current?.icon ?? IconDeviceDesktop
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Theme: ${current?.label ?? 'System'}`}
        popoverTarget="theme-menu"
      >
        <Sign size={17} stroke={1.75} color="var(--cb-text-2)" />
      </ActionIcon>
      <div ref={menu} id="theme-menu" className={styles.menu} popover="auto" role="group" aria-label="Theme">
        {THEMES.map(({ value, label, icon: Each }) => (
          <button
            key={value}
            type="button"
            className={styles.item}
            aria-pressed={value === colorScheme}
            onClick={() => {
              setColorScheme(value)
              menu.current?.hidePopover()
            }}
          >
            <Each size={15} stroke={1.75} aria-hidden />
            {label}
            {value === colorScheme && <IconCheck className={styles.check} size={14} stroke={2} aria-hidden />}
          </button>
        ))}
      </div>
    </>
  )
}
