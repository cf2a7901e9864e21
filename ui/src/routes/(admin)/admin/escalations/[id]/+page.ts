import { loadThing } from '#lib/admin/load-thing.ts'
import type { EscalationPolicy } from '#lib/admin/policies.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [policy, schedules] = await Promise.all([
    loadThing<EscalationPolicy>(event, '/escalation-policies'),
    loadFrom(event, (api) => api.get<List<Ref>>('/schedules')),
  ])
  return { policy, schedules: schedules.items, place: policy?.name ?? m.admin_new_escalation() }
}
