import type { Accounting, DeadLetter, Integration, Receipt, SenderSetup } from '#lib/admin/integration.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const path = `/integrations/${event.params.id}`
  const [integration, accounting, setup, receipts, letters] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<Integration>(path),
      api.get<Accounting>(`${path}/accounting`),
      api.get<SenderSetup>(`${path}/setup`),
      api.get<List<Receipt>>(`${path}/receipts`, { limit: 20 }),
      api.get<List<DeadLetter>>(`${path}/dead-letters`, { limit: 20 }),
    ]),
  )
  return {
    integration,
    accounting,
    setup,
    receipts: receipts.items,
    letters: letters.items,
    place: integration.name,
  }
}
