import { loadFrom } from '#lib/api/client.ts'
import type { ExplainedClock, TicketPage } from '#lib/ticket/ticket-page.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, params }) => {
  const number = params.number.toUpperCase()
  const [ticket, sla] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api.get<TicketPage>(`/tickets/${number}`),
      api.get<{ items: ExplainedClock[] }>(`/tickets/${number}/sla`),
    ]),
  )
  return { place: number, ticket, clocks: sla.items }
}
