import { loadThing } from '#lib/admin/load-thing.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, TicketLine } from '#lib/api/types.ts'
import type { CannedReply } from '#lib/canned/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [reply, [variables, tickets]] = await Promise.all([
    loadThing<CannedReply>(event, '/canned-replies'),
    loadFrom(event, (api) =>
      Promise.all([
        api.get<List<{ name: string }>>('/canned-replies/variables'),
        api.get<List<TicketLine>>('/tickets', { limit: 1 }),
      ]),
    ),
  ])
  const first = tickets.items[0]?.number ?? ''
  return { reply, variables: variables.items, first, place: reply?.title ?? m.canned_reply_new() }
}
