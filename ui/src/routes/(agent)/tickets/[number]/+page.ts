import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { ExplainedClock, StoryLine, TicketPage } from '#lib/ticket/ticket-page.ts'
import type { PageLoad } from './$types'

/** One ticket with its story and its clocks. */
export const load: PageLoad = async ({ fetch, url, params }) => {
  const number = params.number.toUpperCase()
  const [ticket, story, sla] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api.get<TicketPage>(`/tickets/${number}`),
      api.get<List<StoryLine>>(`/tickets/${number}/activity`, { limit: 500 }),
      api.get<{ items: ExplainedClock[] }>(`/tickets/${number}/sla`),
    ]),
  )
  return { place: number, ticket, story, clocks: sla.items }
}
