import { loadThing } from '#lib/admin/load-thing.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Import, Mapping, RefusedRow } from '#lib/imports/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const given = await loadThing<Import>(event, '/imports')
  if (!given) return { import: null, ready: [], refused: [], place: m.imports_new() }
  const [ready, refused] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<{ items: { name: string; mapping: Mapping }[] }>('/imports/mappings'),
      api.get<List<RefusedRow>>(`/imports/${given.id}/refused`, { limit: 50 }),
    ]),
  )
  return { import: given, ready: ready.items, refused: refused.items, place: given.name }
}
