import type { Integration } from '#lib/admin/integration.ts'
import { loadFrom } from '#lib/api/client.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const integration = await loadFrom(event, (api) => api.get<Integration>(`/integrations/${event.params.id}`))
  return { integration, receipt: event.params.receipt, place: m.trail_of({ name: integration.name }) }
}
