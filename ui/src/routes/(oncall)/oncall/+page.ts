import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Maintenance } from '#lib/maintenance/types.ts'
import type { Duty, MyDuty, PagingAudit } from '#lib/oncall/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [mine, now, audit, windows] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<MyDuty>('/oncall/me'),
      api.get<List<Duty>>('/oncall/now'),
      api.get<PagingAudit>('/paging/audit'),
      api.get<List<Maintenance>>('/maintenance', { state: 'active', limit: 100 }),
    ]),
  )
  return { mine, now: now.items, audit, windows: windows.items }
}
