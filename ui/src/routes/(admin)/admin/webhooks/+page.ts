import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Webhook } from '#lib/automation/webhooks.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { items } = await loadFrom(event, (api) => api.get<List<Webhook>>('/webhooks'))
  return { items, place: m.webhooks() }
}
