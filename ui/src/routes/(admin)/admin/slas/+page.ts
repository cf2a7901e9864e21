import type { Recomputation, SlaPolicy } from '#lib/admin/policies.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [{ items }, runs] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<List<SlaPolicy>>('/sla-policies'),
      api.get<List<Recomputation>>('/sla-recomputations'),
    ]),
  )
  return { items, runs: runs.items, place: m.admin_slas() }
}
