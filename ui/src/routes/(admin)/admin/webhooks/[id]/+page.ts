import { loadThing } from '#lib/admin/load-thing.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import type { Delivery, Webhook } from '#lib/automation/webhooks.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { id } = event.params
  const state = event.url.searchParams.get('state') ?? ''
  const [webhook, [facts, groups, tags], deliveries] = await Promise.all([
    loadThing<Webhook>(event, '/webhooks'),
    loadFrom(event, (api) =>
      Promise.all([
        api.get<List<{ name: string; type: string }>>('/triggers/facts'),
        api.get<List<Ref>>('/people-groups'),
        api.get<List<{ name: string }>>('/tags', { limit: 100 }),
      ]),
    ),
    id === 'new'
      ? { items: [], next: null }
      : loadFrom(event, (api) => api.get<List<Delivery>>(`/webhooks/${id}/deliveries`, { state, limit: 50 })),
  ])
  return {
    webhook,
    facts: facts.items,
    groups: groups.items,
    tags: tags.items.map(({ name }) => name),
    deliveries,
    state,
    place: webhook?.name ?? m.webhooks_new(),
  }
}
