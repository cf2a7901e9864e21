import { loadThing } from '#lib/admin/load-thing.ts'
import type { PersonDetail } from '#lib/admin/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const person = await loadThing<PersonDetail>(event, '/people')
  return { person, place: person?.name ?? m.admin_new_person() }
}
