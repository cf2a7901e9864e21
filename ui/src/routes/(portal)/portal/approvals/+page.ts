import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { MyApproval } from './my-approval.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url }) => {
  const all = url.searchParams.get('all') === '1'
  const approvals = await loadFrom({ fetch, url }, (api) =>
    api.get<List<MyApproval>>('/approvals', { state: all ? 'all' : 'open' }),
  )
  return { approvals, all }
}
