import { loadFrom } from '#lib/api/client.ts'
import type { AlertLine, IntegrationAccounting, List, Ref } from '#lib/api/types.ts'
import type { Maintenance } from '#lib/maintenance/types.ts'
import type { PageLoad } from './$types'
import type { Proposal } from './proposal.ts'

export interface Source extends Ref {
  system: string
}
export interface AlertCounts {
  firing: number
  acknowledged: number
  suppressed: number
  resolved_last_day: number
  held: number
  flapping: number
}

const pageSize = 200

/** The address is the state of the console: `?status=`, `?integration=`, `?q=`, `?window=`. */
export const load: PageLoad = async ({ fetch, url, parent }) => {
  const status = url.searchParams.get('status') ?? 'firing,acknowledged,suppressed'
  const integration = url.searchParams.get('integration') ?? ''
  const q = url.searchParams.get('q') ?? ''
  const window = url.searchParams.get('window') ?? ''
  const query = { ...narrowing(status), integration, q, window, limit: pageSize }
  // Their accounts are for those who may see integrations.
  const { me } = await parent()
  const seesSources = me?.capabilities.includes('integration.read') ?? false
  const [alerts, counts, sources, seen, proposals, windows] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api.get<List<AlertLine>>('/alerts', query),
      api.get<AlertCounts>('/alerts/counts'),
      api.get<List<Source>>('/alerts/sources'),
      seesSources
        ? api.get<List<IntegrationAccounting>>('/accounting')
        : { items: [] as IntegrationAccounting[] },
      api.get<List<Proposal>>('/proposals'),
      api.get<List<Maintenance>>('/maintenance', { state: 'active', limit: 100 }),
    ]),
  )
  const accounts = seen.items.filter((one) => !integration || one.integration_id === integration)
  return {
    status,
    integration,
    q,
    query,
    alerts,
    counts,
    sources: sources.items,
    accounts,
    proposals,
    windows: windows.items,
  }
}

/** What a tab asks for: states, what is held back, or what flaps. */
function narrowing(tab: string): Record<string, string> {
  if (tab === 'held') return { held: 'any' }
  if (tab === 'flapping') return { flapping: 'true' }
  return { status: tab === 'all' ? '' : tab }
}
