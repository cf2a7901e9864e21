import type { RuleFacts } from '#lib/admin/rules.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import type { Maintenance } from '#lib/maintenance/types.ts'
import type { PageLoad } from './$types'

type Source = Ref & { system: string }

export const load: PageLoad = async ({ fetch, url, params, parent }) => {
  const { me } = await parent()
  const seesSources = me?.capabilities.includes('integration.read') ?? false
  const [window, sources, facts] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api.get<Maintenance>(`/maintenance/${params.id}`),
      seesSources ? api.get<List<Source>>('/integrations').then(({ items }) => items) : ([] as Source[]),
      api.get<RuleFacts>('/rules/facts'),
    ]),
  )
  return { window, sources, facts, place: window.reason }
}
