import { createContext, use, type ReactNode } from 'react'

export type PortalInfo = {
  title: string
  organization: string | null
  version: string
  actor: { id: string; type: string }
}

const PortalContext = createContext<PortalInfo>({
  title: 'Callboard',
  organization: null,
  version: '',
  actor: { id: '', type: '' },
})

/** Makes known which portal this is, and who looks at it. */
export function PortalProvider({ info, children }: { info: PortalInfo; children: ReactNode }) {
  return <PortalContext value={info}>{children}</PortalContext>
}

export function usePortal(): PortalInfo {
  return use(PortalContext)
}
