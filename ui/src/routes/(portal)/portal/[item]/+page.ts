import { error } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Named } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { CatalogueItem, PortalPage } from '#lib/portal/types.ts'
import { labelText } from '#lib/text/label.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [catalogue, services, portal] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<List<CatalogueItem>>('/catalogue'),
      api.get<List<Named>>('/services'),
      api.get<PortalPage>('/portal'),
    ]),
  )
  const item = catalogue.items.find(({ key }) => key === event.params.item)
  if (!item) error(404, { message: m.frame_error_missing() })
  // Whoever reports a fault is asked first whether it is known.
  const outages = item.kind === 'incident' ? portal.outages.filter(({ major }) => major) : []
  return { item, outages, services: services.items, place: labelText(item.name) }
}
