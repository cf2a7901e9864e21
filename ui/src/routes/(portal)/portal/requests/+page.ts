import { loadFrom } from '#lib/api/client.ts'
import { type List, STATES, type TicketLine } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const all = event.url.searchParams.get('all') === '1'
  const query = {
    requester: 'me',
    sort: '-updated',
    limit: 100,
    ...(!all && { state: STATES.filter((state) => state !== 'closed' && state !== 'cancelled').join(',') }),
  }
  const requests = await loadFrom(event, (api) => api.get<List<TicketLine>>('/tickets', query))
  return { all, requests: requests.items, place: m.portal_mine() }
}
