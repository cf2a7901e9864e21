import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Duty, Schedule } from '#lib/oncall/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [schedules, now] = await loadFrom(event, (api) =>
    Promise.all([api.get<List<Schedule>>('/schedules'), api.get<List<Duty>>('/oncall/now')]),
  )
  return { schedules: schedules.items, now: now.items, place: m.oncall_schedules() }
}
