import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Maintenance } from '#lib/maintenance/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url }) => {
  const windows = await loadFrom({ fetch, url }, (api) =>
    api.get<List<Maintenance>>('/maintenance', { limit: 100 }),
  )
  return { windows }
}
