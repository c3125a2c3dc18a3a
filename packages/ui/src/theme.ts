import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#e9f6fa',
  '#d3eaf2',
  '#a8d6e5',
  '#7ac3da',
  '#5ab4d0',
  '#3a9fbe',
  '#1f86a6',
  '#0c6c8a',
  '#085a74',
  '#05475c',
]

/** The look of every page. Colours that both schemes share by name are in `tokens.css`. */
export const theme = createTheme({
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: 7,
  fontFamily: "'Inter Variable', ui-sans-serif, system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '14px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
})

const shared = {
  '--mantine-color-body': 'var(--cb-bg)',
  '--mantine-color-text': 'var(--cb-text)',
  '--mantine-color-dimmed': 'var(--cb-text-2)',
  '--mantine-color-placeholder': 'var(--cb-text-3)',
  '--mantine-color-anchor': 'var(--cb-accent)',
  '--mantine-color-default': 'var(--cb-bg-raised)',
  '--mantine-color-default-hover': 'var(--cb-bg-hover)',
  '--mantine-color-default-color': 'var(--cb-text)',
  '--mantine-color-default-border': 'var(--cb-border-strong)',
}

/** Hands our tokens to Mantine's own components. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
