import type { Tag } from '#lib/admin/types.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const q = event.url.searchParams.get('q') ?? ''
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const list = await loadFrom(event, (api) => api.get<List<Tag>>('/tags', { q, cursor, limit: 100 }))
  return { ...list, q, place: m.tags() }
}
