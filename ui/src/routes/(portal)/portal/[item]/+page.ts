import { error } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Named } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { CatalogueItem } from '#lib/portal/types.ts'
import { labelText } from '#lib/text/label.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [catalogue, services] = await loadFrom(event, (api) =>
    Promise.all([api.get<List<CatalogueItem>>('/catalogue'), api.get<List<Named>>('/services')]),
  )
  const item = catalogue.items.find(({ key }) => key === event.params.item)
  if (!item) error(404, { message: m.frame_error_missing() })
  return { item, services: services.items, place: labelText(item.name) }
}
