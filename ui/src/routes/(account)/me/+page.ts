import type { ApiKey } from '#lib/admin/types.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Absence } from '#lib/routing/types.ts'
import type { ContactMethod } from '#lib/oncall/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

/** Ways to be reached concern those who can be paged; an employee has a profile and keys. */
export const load: PageLoad = async (event) => {
  const { me } = await event.parent()
  const paged = me?.capabilities.includes('page.answer') ?? false
  const works = Boolean(me && (me.administrator || me.roles.length > 0))
  const [keys, methods, absences] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<List<ApiKey>>('/keys'),
      paged ? api.get<List<ContactMethod>>('/contact-methods') : undefined,
      works ? api.get<List<Absence>>('/absences') : undefined,
    ]),
  )
  const mine = keys.items.filter(({ owner }) => owner.id === me?.person.id)
  return { keys: mine, methods: methods?.items, absences: absences?.items, works, place: m.me_title() }
}
