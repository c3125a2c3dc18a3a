import type { TestPortal } from './createTestPortal.ts'

/** Names of what a filter finds, in order. */
export async function names(portal: TestPortal, filter = 'kind=component'): Promise<string[]> {
  const { items } = await portal.get(
    `/api/catalog/entities/by-query?filter=${filter}&orderField=metadata.name&fields=metadata.name`,
  )
  return items.map((item: any) => item.metadata.name)
}

/** A component by name. */
export async function find(portal: TestPortal, name: string): Promise<any> {
  return portal.get(`/api/catalog/entities/by-name/component/default/${name}`)
}

/** All that is wrong now. */
export async function problems(portal: TestPortal): Promise<any[]> {
  return (await portal.get('/api/catalog/problems')).items
}

/** The states of a component, newest first. */
export async function versions(portal: TestPortal, name: string): Promise<any[]> {
  return (await portal.get(`/api/catalog/entities/by-name/component/default/${name}/versions`)).items
}
