import type { PersonDetail } from '#lib/admin/types.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const q = event.url.searchParams.get('q') ?? ''
  const people = await loadFrom(event, (api) => api.get<List<PersonDetail>>('/people', { q, limit: 100 }))
  return { q, people, place: m.admin_people() }
}
