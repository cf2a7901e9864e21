import type { Integration, ShadowReport } from '#lib/admin/integration.ts'
import { loadFrom } from '#lib/api/client.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

/** The address says which day: `?day=`. */
export const load: PageLoad = async (event) => {
  const path = `/integrations/${event.params.id}`
  const day = event.url.searchParams.get('day')
  const query = { limit: 50, ...(day && { day }) }
  const [integration, report] = await loadFrom(event, (api) =>
    Promise.all([api.get<Integration>(path), api.get<ShadowReport>(`${path}/shadow`, query)]),
  )
  return { path, integration, report, place: m.shadow_report_of({ name: integration.name }) }
}
