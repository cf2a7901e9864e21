import type { Calendar, SlaPolicy } from '#lib/admin/policies.ts'
import type { WhatIf } from '#lib/admin/what-if.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [asked, policies, calendars] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<List<WhatIf>>('/sla-what-ifs'),
      api.get<List<SlaPolicy>>('/sla-policies'),
      api.get<List<Calendar>>('/calendars'),
    ]),
  )
  return { asked: asked.items, policies: policies.items, calendars: calendars.items, place: m.whatif_title() }
}
