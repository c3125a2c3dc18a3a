import { expect, it } from 'vitest'
import { createTestPortal, until } from '../../testkit/createTestPortal.ts'
import { component, document, documents, group } from '../../testkit/descriptors.ts'

const auth = { providers: { guest: { userEntityRef: 'user:default/jane' } } }
const ORG = [
  document('User', 'jane', { memberOf: ['team-a'] }),
  group('team-a', { parent: 'department' }),
  group('team-b', { parent: 'department' }),
  // Groups that are each other's parents must not be walked for ever.
  group('department', { parent: 'company' }),
  group('company', { parent: 'department' }),
]
const OWNED = ['team-a', 'team-b', 'department', 'company', 'user:jane'].map(owner =>
  component(`of-${owner.replace('user:', '')}`, { owner }),
)

it('what is mine is what I own, my groups own, and the groups above these own', async () => {
  const portal = await createTestPortal({ config: { auth }, files: { 'catalog-info.yaml': documents(...ORG, ...OWNED) } })
  const mine = async (q: string) => {
    const { items } = await portal.get(
      `/api/catalog/entities/by-query?${new URLSearchParams({ q, orderField: 'metadata.name' }).toString()}`,
    )
    return items.map((item: any) => item.metadata.name)
  }
  await until(async () =>
    expect(await mine('kind:component owner:@me')).toEqual(['of-company', 'of-department', 'of-jane', 'of-team-a']),
  )
  expect(await mine('kind:component -owner:@me')).toEqual(['of-team-b'])
  await portal.write('catalog-info.yaml', documents(document('User', 'jane', { memberOf: [] }), ...ORG.slice(1), ...OWNED))
  await until(async () => expect(await mine('kind:component owner:@me')).toEqual(['of-jane']))
})
