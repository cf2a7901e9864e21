import type { ApiKey } from '#lib/admin/types.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { ContactMethod } from '#lib/oncall/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

/** Ways to be reached concern those who can be paged; an employee has a profile and keys. */
export const load: PageLoad = async (event) => {
  const { me } = await event.parent()
  const paged = me?.capabilities.includes('page.answer') ?? false
  const [keys, methods] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<List<ApiKey>>('/keys'),
      paged ? api.get<List<ContactMethod>>('/contact-methods') : undefined,
    ]),
  )
  const mine = keys.items.filter(({ owner }) => owner.id === me?.person.id)
  return { keys: mine, methods: methods?.items, place: m.me_title() }
}
