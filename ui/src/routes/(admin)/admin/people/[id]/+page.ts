import { loadThing } from '#lib/admin/load-thing.ts'
import type { PersonDetail } from '#lib/admin/types.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Organisation } from '#lib/organisation/tree.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [person, organisations] = await Promise.all([
    loadThing<PersonDetail>(event, '/people'),
    loadFrom(event, (api) => api.get<List<Organisation>>('/organisations')),
  ])
  return { person, organisations: organisations.items, place: person?.name ?? m.admin_new_person() }
}
