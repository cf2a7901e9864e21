import { loadFrom } from '#lib/api/client.ts'
import type { PortalPage } from '#lib/portal/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => ({
  portal: await loadFrom(event, (api) => api.get<PortalPage>('/portal')),
})
