import { loadThing } from '#lib/admin/load-thing.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref, TicketLine } from '#lib/api/types.ts'
import type { Macro } from '#lib/canned/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const macro = await loadThing<Macro>(event, '/macros')
  const assignee = macro?.does.assignee
  const [variables, tickets, person] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<List<{ name: string }>>('/canned-replies/variables'),
      api.get<List<TicketLine>>('/tickets', { limit: 1, state: 'open' }),
      assignee && assignee !== 'me' ? api.get<Ref>(`/people/${assignee}`) : null,
    ]),
  )
  const first = tickets.items[0]?.number ?? ''
  return { macro, person, variables: variables.items, first, place: macro?.title ?? m.macro_new() }
}
