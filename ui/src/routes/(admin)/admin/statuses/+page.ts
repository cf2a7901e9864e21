import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Status } from '#lib/status/status.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { items } = await loadFrom(event, (api) => api.get<List<Status>>('/statuses', { archived: 'true' }))
  return { items, place: m.statuses() }
}
