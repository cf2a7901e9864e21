import type { DeadLetter, Integration } from '#lib/admin/integration.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

/** The address says which: `?retried=`. */
export const load: PageLoad = async (event) => {
  const path = `/integrations/${event.params.id}`
  const query = { retried: event.url.searchParams.get('retried') ?? '', limit: 50 }
  const [integration, letters] = await loadFrom(event, (api) =>
    Promise.all([api.get<Integration>(path), api.get<List<DeadLetter>>(`${path}/dead-letters`, query)]),
  )
  return { path, query, integration, letters, place: m.admin_dead_letters_of({ name: integration.name }) }
}
