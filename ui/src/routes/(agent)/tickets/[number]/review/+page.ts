import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Review } from '#lib/review/types.ts'
import type { KeptDraft } from '#lib/ticket/draft.svelte.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, params }) => {
  const number = params.number.toUpperCase()
  const [review, drafts] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api.get<Review>(`/tickets/${number}/review`),
      api.get<List<KeptDraft>>(`/tickets/${number}/drafts`),
    ]),
  )
  return { place: number, review, drafts: drafts.items }
}
