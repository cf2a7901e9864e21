import { loadFrom } from '#lib/api/client.ts'
import type { List, Named, Team } from '#lib/api/types.ts'
import type { Category } from '#lib/category/tree.ts'
import type { CustomField } from '#lib/question/field.ts'
import type { Status } from '#lib/status/status.ts'
import type { LayoutLoad } from './$types'

/** What every page of the desk names: teams, services, categories, fields and statuses. Read once a visit. */
export const load: LayoutLoad = async ({ fetch, url, untrack }) => {
  const here = untrack(() => url)
  const [teams, services, categories, fields, statuses] = await loadFrom({ fetch, url: here }, (api) =>
    Promise.all([
      api.get<List<Team>>('/teams'),
      api.get<List<Named & { key: string }>>('/services'),
      api.get<List<Category>>('/categories'),
      api.get<List<CustomField>>('/fields', { archived: 'true' }),
      api.get<List<Status>>('/statuses'),
    ]),
  )
  return {
    teams: teams.items,
    services: services.items,
    categories: categories.items,
    fields: fields.items,
    statuses: statuses.items,
  }
}
