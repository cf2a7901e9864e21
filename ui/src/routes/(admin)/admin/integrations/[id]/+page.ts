import type {
  Accounting,
  DeadLetter,
  Integration,
  Mapping,
  Pace,
  Receipt,
  SenderSetup,
  SystemFacts,
} from '#lib/admin/integration.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import type { PageLoad } from './$types'

const latest = 10

export const load: PageLoad = async (event) => {
  const path = `/integrations/${event.params.id}`
  const [integration, accounting, pace, setup, receipts, letters, systems, policies] = await loadFrom(
    event,
    (api) =>
      Promise.all([
        api.get<Integration>(path),
        api.get<Accounting>(`${path}/accounting`),
        api.get<Pace>(`${path}/pace`),
        api.get<SenderSetup>(`${path}/setup`),
        api.get<List<Receipt>>(`${path}/receipts`, { limit: latest }),
        api.get<List<DeadLetter>>(`${path}/dead-letters`, { limit: latest }),
        api.get<List<SystemFacts>>('/systems'),
        api.get<List<Ref>>('/escalation-policies'),
      ]),
  )
  const mapping =
    integration.system === 'webhook'
      ? await loadFrom(event, (api) =>
          api.get<{ version: number; mapping: Mapping | null }>(`${path}/mapping`),
        )
      : undefined
  return {
    mapping,
    integration,
    accounting,
    pace,
    setup,
    receipts,
    letters,
    system: systems.items.find(({ system }) => system === integration.system),
    policies: policies.items,
    place: integration.name,
  }
}
