import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { CatalogueItem } from '#lib/portal/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { items } = await loadFrom(event, (api) => api.get<List<CatalogueItem>>('/catalogue'))
  return { items, place: m.portal_new() }
}
