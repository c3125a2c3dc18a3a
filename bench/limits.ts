import Fastify from 'fastify'
import pg from 'pg'

/** What this machine can do at best: the same bytes from memory, and by one prepared select, with nothing else around them. */
export async function startBareHandler(
  like: string,
  databaseUrl: string | undefined,
  names: string[],
): Promise<{ url: string; close(): Promise<void> }> {
  const text = await (await fetch(like)).text()
  const app = Fastify()
  const pool = databaseUrl ? new pg.Pool({ connectionString: databaseUrl, max: 10 }) : undefined
  let turn = 0
  app.get('/memory', (_request, reply) => reply.type('application/json').send(text))
  app.get('/entity', async (_request, reply) => {
    const ref = `component:default/${names[turn++ % names.length] ?? ''}`
    const select = `select b.body from catalog.entity_version e join catalog.entity_body b on b.version_id = e.id where e.ref = $1 and e.valid_to is null`
    const found = await pool?.query<{ body: string }>({ name: 'entity', text: select, values: [ref] })
    return reply.type('application/json').send(found?.rows[0]?.body ?? '')
  })
  app.get('/page', async (_request, reply) => {
    const select = `select b.body from catalog.entity_version e join catalog.entity_body b on b.version_id = e.id
      where e.kind = $1 and e.valid_to is null order by e.name, e.ref limit 20`
    const found = await pool?.query<{ body: string }>({ name: 'page', text: select, values: ['component'] })
    return reply.type('application/json').send(`[${found?.rows.map(row => row.body).join(',') ?? ''}]`)
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    url,
    async close() {
      await app.close()
      await pool?.end()
    },
  }
}
