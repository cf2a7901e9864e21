import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { ReviewAction } from '#lib/review/types.ts'
import type { PageLoad } from './$types'

const STATES = ['open', 'overdue', 'done'] as const

export const load: PageLoad = async ({ fetch, url }) => {
  const asked = url.searchParams.get('state')
  const state = STATES.find((one) => one === asked) ?? 'open'
  const query = { state, owner: url.searchParams.get('owner') === 'me' ? 'me' : undefined, limit: 50 }
  const actions = await loadFrom({ fetch, url }, (api) =>
    api.get<List<ReviewAction>>('/review-actions', query),
  )
  return { actions, query, states: STATES }
}
