import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { AutomationSet, Firing, Occurrence } from '#lib/automation/rules.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { searchParams } = event.url
  const query = { rule: searchParams.get('rule') ?? '', state: searchParams.get('state') ?? '' }
  const [firings, occurrences, { rules }] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<List<Firing>>('/automation-rules/firings', { ...query, limit: 50 }),
      api.get<List<Occurrence>>('/automation-rules/occurrences', { rule: query.rule, limit: 5 }),
      api.get<AutomationSet>('/automation-rules'),
    ]),
  )
  return { firings, occurrences: occurrences.items, rules, query, place: m.automation_log() }
}
