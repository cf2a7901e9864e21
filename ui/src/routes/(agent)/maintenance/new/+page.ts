import type { RuleFacts } from '#lib/admin/rules.ts'
import { type Api, loadFrom } from '#lib/api/client.ts'
import type { AlertLine, List, Ref } from '#lib/api/types.ts'
import type { Matcher } from '#lib/maintenance/types.ts'
import type { PageLoad } from './$types'

interface Known extends AlertLine {
  labels: Record<string, string>
  known_service: { id: string } | null
  configuration_item: Ref | null
}

type Source = Ref & { system: string }

const mostAlerts = 8
// How bad it is changes, what it is does not; and its service is named as such.
const passing = new Set(['severity', 'priority', 'service'])

/** `?alert=` and `?ticket=` say what to begin with: their service, and the labels that their alerts share. */
export const load: PageLoad = async ({ fetch, url, parent }) => {
  const { me } = await parent()
  const seesSources = me?.capabilities.includes('integration.read') ?? false
  const [sources, alerts, facts] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      seesSources ? api.get<List<Source>>('/integrations').then(({ items }) => items) : ([] as Source[]),
      alertsOf(api, url.searchParams),
      api.get<RuleFacts>('/rules/facts'),
    ]),
  )
  return { sources, facts, begin: beginWith(alerts) }
}

async function alertsOf(api: Api, asked: URLSearchParams): Promise<Known[]> {
  const alert = asked.get('alert')
  if (alert) return [await api.get<Known>(`/alerts/${encodeURIComponent(alert)}`)]
  const ticket = asked.get('ticket')
  if (!ticket) return []
  const { alerts } = await api.get<{ alerts: { id: string }[] }>(`/tickets/${encodeURIComponent(ticket)}`)
  return Promise.all(alerts.slice(0, mostAlerts).map(({ id }) => api.get<Known>(`/alerts/${id}`)))
}

function beginWith(alerts: readonly Known[]) {
  const [first, ...rest] = alerts
  const services = [...new Set(alerts.flatMap(({ known_service }) => known_service?.id ?? []))]
  const shared = Object.entries(first?.labels ?? {}).filter(
    ([name, value]) => !passing.has(name) && rest.every(({ labels }) => labels[name] === value),
  )
  const matchers = shared.map(([name, value]): Matcher => ({ name, value, is_regex: false, is_equal: true }))
  const keys = alerts.map(({ dedup_key }) => `dedup_key == ${JSON.stringify(dedup_key)}`)
  return {
    services,
    matchers,
    source: services.length === 0 ? (first?.integration ?? null) : null,
    condition: matchers.length === 0 ? keys.join(' || ') : '',
  }
}
