import { IconDeviceDesktop, IconMoon, IconSun, type Icon } from '@tabler/icons-react'

/** The themes to choose from, by Mantine's names. */
export const THEMES: { value: 'light' | 'dark' | 'auto'; label: string; icon: Icon }[] = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'System', icon: IconDeviceDesktop },
]
