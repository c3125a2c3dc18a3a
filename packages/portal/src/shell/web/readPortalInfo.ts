import { fetchJson } from '@callboard/ui/fetchJson'
import type { PortalInfo } from '@callboard/ui/Portal'

/** Which portal this is: written into the page by the server, asked for when Vite's own server sent the page. */
export async function readPortalInfo(): Promise<PortalInfo> {
  const written = document.getElementById('portal')?.textContent
  if (written) return JSON.parse(written)
  try {
    return await fetchJson<PortalInfo>('/api/shell/info')
  } catch {
    return { title: 'Callboard', organization: null, version: '', actor: { id: '', type: 'none' } }
  }
}
