// A plugin is one file: an endpoint, and a card on the page of every entity with a PagerDuty service.
import { definePlugin, links, stack, stat, table, z } from '@callboard/sdk'

const Shift = z.object({ person: z.string(), from: z.string(), to: z.string() })

export default definePlugin({
  name: 'on-call',
  config: z.object({ rotas: z.record(z.string(), z.array(Shift)) }),
  setup(portal) {
    const shiftsOf = (service: string) => portal.config.rotas[service] ?? []

    portal.get('/:service', { summary: 'Who is on call for a service', reply: z.array(Shift) }, ({ params }) =>
      shiftsOf(params.service),
    )

    portal.card({
      title: 'On call',
      for: 'annotation.pagerduty.com/service-id:*',
      view(entity) {
        const service = entity.metadata.annotations?.['pagerduty.com/service-id'] ?? ''
        const [now, ...next] = shiftsOf(service)
        if (!now) return stat({ label: 'On call', value: 'Nobody', hint: `No rota for ${service}` })
        return stack(
          stat({ label: 'On call now', value: now.person, hint: `until ${now.to}` }),
          table(next.map(({ person, from, to }) => ({ Next: person, From: from, To: to }))),
          links([{ title: 'The rota as JSON', href: `/api/on-call/${service}` }]),
        )
      },
    })
  },
})
