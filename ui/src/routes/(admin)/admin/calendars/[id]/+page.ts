import { loadThing } from '#lib/admin/load-thing.ts'
import type { Calendar } from '#lib/admin/policies.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const calendar = await loadThing<Calendar>(event, '/calendars')
  return { calendar, place: calendar?.name ?? m.admin_new_calendar() }
}
