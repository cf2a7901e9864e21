import { loadThing } from '#lib/admin/load-thing.ts'
import type { Calendar, SlaPolicy } from '#lib/admin/policies.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [policy, calendars] = await Promise.all([
    loadThing<SlaPolicy>(event, '/sla-policies'),
    loadFrom(event, (api) => api.get<List<Calendar>>('/calendars')),
  ])
  return { policy, calendars: calendars.items, place: policy?.name ?? m.admin_new_sla() }
}
