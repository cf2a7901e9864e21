import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { CatalogueItem } from '#lib/portal/types.ts'
import type { KeptDraft } from '#lib/ticket/draft.svelte.ts'
import type { StoryLine, TicketPage } from '#lib/ticket/ticket-page.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const path = `/tickets/${event.params.number}`
  const [ticket, story, catalogue, drafts] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<TicketPage>(path),
      api.get<List<StoryLine>>(`${path}/activity`, { limit: 500 }),
      api.get<List<CatalogueItem>>('/catalogue'),
      api.get<List<KeptDraft>>(`${path}/drafts`),
    ]),
  )
  const lines = story.items.filter(({ visibility }) => visibility === 'public')
  const filed = event.url.searchParams.get('filed') === '1'
  return { ticket, lines, catalogue: catalogue.items, drafts: drafts.items, filed, place: ticket.number }
}
