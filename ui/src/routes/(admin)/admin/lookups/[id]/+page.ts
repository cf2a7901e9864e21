import { loadThing } from '#lib/admin/load-thing.ts'
import type { Lookup, LookupRow } from '#lib/admin/lookups.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const lookup = await loadThing<Lookup>(event, '/lookups')
  const q = event.url.searchParams.get('q') ?? ''
  const none: List<LookupRow> = { items: [], next: null }
  const rows = lookup
    ? await loadFrom(event, (api) => api.get<List<LookupRow>>(`/lookups/${lookup.id}/rows`, { q, limit: 50 }))
    : none
  return { lookup, rows, q, place: lookup?.name ?? m.lookups_new() }
}
