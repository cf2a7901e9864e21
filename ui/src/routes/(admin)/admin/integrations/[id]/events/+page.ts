import type { Accounting, BucketEvent, Integration } from '#lib/admin/integration.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

/** The address says which: `?bucket=`. */
export const load: PageLoad = async (event) => {
  const path = `/integrations/${event.params.id}`
  const query = { bucket: event.url.searchParams.get('bucket') ?? '', limit: 50 }
  const [integration, accounting, events] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<Integration>(path),
      api.get<Accounting>(`${path}/accounting`),
      api.get<List<BucketEvent>>(`${path}/events`, query),
    ]),
  )
  const place = m.admin_events_of({ name: integration.name })
  return { path, query, integration, accounting, events, place }
}
