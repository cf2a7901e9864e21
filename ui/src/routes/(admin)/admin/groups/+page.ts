import type { PeopleGroup } from '#lib/admin/policies.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { items } = await loadFrom(event, (api) => api.get<List<PeopleGroup>>('/people-groups'))
  return { items, place: m.sla_groups_title() }
}
