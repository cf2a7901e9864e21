import { error as failPage } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Team } from '#lib/api/types.ts'
import type { ScheduleDetail, Shift } from '#lib/oncall/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { addDays, dateIn, instantOf } from '#lib/time/zone.ts'
import type { PageLoad } from './$types'

const days = 14

/** Two weeks of final shifts from `?from=`, a date of the reader's zone, or today. */
export const load: PageLoad = async (event) => {
  const { me } = await event.parent()
  const zone = me?.person.zone ?? 'UTC'
  const first = event.url.searchParams.get('from') ?? dateIn(Date.now(), zone)
  const midnight = (date: string) => new Date(instantOf(date, zone)).toISOString()
  const [from, to] = [midnight(first), midnight(addDays(first, days))]
  const teams = await loadFrom(event, (api) => api.get<List<Team>>('/teams'))
  if (event.params.id === 'new' && !me?.capabilities.includes('schedule.edit'))
    failPage(403, { message: m.frame_error_denied() })
  if (event.params.id === 'new')
    return { schedule: null, shifts: [], first, from, to, teams: teams.items, place: m.oncall_new_schedule() }
  const path = `/schedules/${event.params.id}`
  const [schedule, shifts] = await loadFrom(event, (api) =>
    Promise.all([api.get<ScheduleDetail>(path), api.get<List<Shift>>(`${path}/shifts`, { from, to })]),
  )
  return { schedule, shifts: shifts.items, first, from, to, teams: teams.items, place: schedule.name }
}
