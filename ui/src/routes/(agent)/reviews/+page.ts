import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { ListedReview, ReviewAction } from '#lib/review/types.ts'
import type { PageLoad } from './$types'

const STATES = ['open', 'overdue', 'done'] as const

export const load: PageLoad = async ({ fetch, url }) => {
  const asked = url.searchParams.get('state')
  const state = STATES.find((one) => one === asked) ?? 'open'
  const query = { state, owner: url.searchParams.get('owner') === 'me' ? 'me' : undefined, limit: 50 }
  const shows = url.searchParams.get('reviews') === 'finished' ? ('finished' as const) : ('owed' as const)
  const [reviews, actions] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api.get<List<ListedReview>>('/reviews', { state: shows, limit: 20 }),
      api.get<List<ReviewAction>>('/review-actions', query),
    ]),
  )
  return { reviews, shows, actions, query, states: STATES }
}
