import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { KnownError } from './known-error.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url }) => {
  const query = { q: url.searchParams.get('q'), closed: url.searchParams.get('closed'), limit: 50 }
  const known = await loadFrom({ fetch, url }, (api) => api.get<List<KnownError>>('/known-errors', query))
  return { known, query }
}
