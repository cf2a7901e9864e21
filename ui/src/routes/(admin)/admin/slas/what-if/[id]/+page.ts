import type { WhatIf, WhatIfTicket } from '#lib/admin/what-if.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const path = `/sla-what-ifs/${event.params.id}`
  const [asked, tickets] = await loadFrom(event, (api) =>
    Promise.all([api.get<WhatIf>(path), api.get<List<WhatIfTicket>>(`${path}/tickets`, { limit: 100 })]),
  )
  return { asked, tickets: tickets.items, place: m.whatif_title() }
}
