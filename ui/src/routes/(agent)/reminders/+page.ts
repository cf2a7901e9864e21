import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Reminder } from '#lib/reminder/reminder.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { items } = await loadFrom(event, (api) => api.get<List<Reminder>>('/reminders'))
  return { items, place: m.reminders() }
}
