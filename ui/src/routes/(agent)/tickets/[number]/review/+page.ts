import { loadFrom } from '#lib/api/client.ts'
import type { Review } from '#lib/review/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, params }) => {
  const number = params.number.toUpperCase()
  const review = await loadFrom({ fetch, url }, (api) => api.get<Review>(`/tickets/${number}/review`))
  return { place: number, review }
}
