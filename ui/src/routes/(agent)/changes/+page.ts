import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { PlannedChange } from '#lib/ticket/planned-change.ts'
import { addDays, dateIn, instantOf } from '#lib/time/zone.ts'
import { daysOf, type View } from './days.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, parent }) => {
  const zone = (await parent()).me?.person.zone ?? 'UTC'
  const view: View = url.searchParams.get('view') === 'week' ? 'week' : 'month'
  const asked = url.searchParams.get('date') ?? ''
  const date =
    /^\d{4}-\d\d-\d\d$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : dateIn(Date.now(), zone)
  const days = daysOf(view, date)
  const instant = (day: string) => new Date(instantOf(day, zone)).toISOString()
  const period = { from: instant(days[0] ?? date), to: instant(addDays(days.at(-1) ?? date, 1)) }
  const changes = await loadFrom({ fetch, url }, (api) => api.get<List<PlannedChange>>('/changes', period))
  return { changes: changes.items, days, view, date, zone, period }
}
