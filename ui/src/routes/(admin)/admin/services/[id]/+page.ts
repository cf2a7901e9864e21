import { loadThing } from '#lib/admin/load-thing.ts'
import type { ServiceChange, ServiceDetail } from '#lib/admin/types.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelText } from '#lib/text/label.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { id } = event.params
  const [service, policies, changes] = await Promise.all([
    loadThing<ServiceDetail>(event, '/services'),
    loadFrom(event, (api) => api.get<List<Ref>>('/escalation-policies')),
    id === 'new'
      ? { items: [] }
      : loadFrom(event, (api) => api.get<List<ServiceChange>>(`/services/${id}/changes`)),
  ])
  const place = service ? labelText(service.name) : m.admin_new_service()
  return { service, policies: policies.items, changes: changes.items, place }
}
