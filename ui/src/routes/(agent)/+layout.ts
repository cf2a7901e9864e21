import { loadFrom } from '#lib/api/client.ts'
import type { List, Named, Team } from '#lib/api/types.ts'
import type { Category } from '#lib/category/tree.ts'
import type { LayoutLoad } from './$types'

/** What every page of the desk names: teams, services and categories. Read once a visit. */
export const load: LayoutLoad = async ({ fetch, url, untrack }) => {
  const here = untrack(() => url)
  const [teams, services, categories] = await loadFrom({ fetch, url: here }, (api) =>
    Promise.all([
      api.get<List<Team>>('/teams'),
      api.get<List<Named & { key: string }>>('/services'),
      api.get<List<Category>>('/categories'),
    ]),
  )
  return { teams: teams.items, services: services.items, categories: categories.items }
}
