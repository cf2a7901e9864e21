import { loadThing } from '#lib/admin/load-thing.ts'
import type { Calendar, SlaPolicy } from '#lib/admin/policies.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import type { Category } from '#lib/category/tree.ts'
import type { Organisation } from '#lib/organisation/tree.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [policy, calendars, groups, categories, organisations, escalations] = await Promise.all([
    loadThing<SlaPolicy>(event, '/sla-policies'),
    loadFrom(event, (api) => api.get<List<Calendar>>('/calendars')),
    loadFrom(event, (api) => api.get<List<Ref>>('/people-groups')),
    loadFrom(event, (api) => api.get<List<Category>>('/categories')),
    loadFrom(event, (api) => api.get<List<Organisation>>('/organisations')),
    loadFrom(event, (api) => api.get<List<Ref>>('/escalation-policies')),
  ])
  return {
    policy,
    calendars: calendars.items,
    groups: groups.items,
    categories: categories.items,
    organisations: organisations.items,
    escalations: escalations.items,
    place: policy?.name ?? m.admin_new_sla(),
  }
}
