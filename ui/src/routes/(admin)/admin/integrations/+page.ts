import type { Accounting, Integration } from '#lib/admin/integration.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) =>
  loadFrom(event, async (api) => {
    const { items } = await api.get<List<Integration>>('/integrations')
    const accounts = await Promise.all(
      items.map(({ id }) => api.get<Accounting>(`/integrations/${id}/accounting`)),
    )
    const integrations = items.map((one, index) => ({ ...one, accounting: accounts[index] }))
    return { integrations, place: m.admin_integrations() }
  })
