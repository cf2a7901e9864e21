import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [systems, policies] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<List<{ system: string; name: string }>>('/systems'),
      api.get<List<Ref>>('/escalation-policies'),
    ]),
  )
  return { systems: systems.items, policies: policies.items, place: m.admin_new_integration() }
}
