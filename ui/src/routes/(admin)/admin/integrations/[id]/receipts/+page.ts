import type { Integration, Receipt } from '#lib/admin/integration.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

/** The address says which: `?outcome=`. */
export const load: PageLoad = async (event) => {
  const path = `/integrations/${event.params.id}`
  const query = { outcome: event.url.searchParams.get('outcome') ?? '', limit: 50 }
  const [integration, receipts] = await loadFrom(event, (api) =>
    Promise.all([api.get<Integration>(path), api.get<List<Receipt>>(`${path}/receipts`, query)]),
  )
  return { path, query, integration, receipts, place: m.admin_receipts_of({ name: integration.name }) }
}
