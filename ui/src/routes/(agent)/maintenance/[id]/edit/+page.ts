import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import type { Maintenance } from '#lib/maintenance/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, params, parent }) => {
  const { me } = await parent()
  const seesSources = me?.capabilities.includes('integration.read') ?? false
  const [window, sources] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api.get<Maintenance>(`/maintenance/${params.id}`),
      seesSources ? api.get<List<Ref>>('/integrations').then(({ items }) => items) : ([] as Ref[]),
    ]),
  )
  return { window, sources, place: window.reason }
}
