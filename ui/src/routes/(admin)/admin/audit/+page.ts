import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'
import type { AuditLine } from './line.ts'

const filters = ['verb', 'subject_kind', 'subject_id', 'actor'] as const
type Filter = (typeof filters)[number]

export const load: PageLoad = async (event) => {
  const search = event.url.searchParams
  const filter = Object.fromEntries(filters.map((name) => [name, search.get(name) ?? ''])) as Record<
    Filter,
    string
  >
  // Managers see their teams' tickets and nothing of the configuration, which is no team's.
  const { me } = await event.parent()
  const given = search.get('only') ?? (me?.administrator ? 'configuration' : 'all')
  const only = given === 'all' ? 'all' : 'configuration'
  const query = { ...filter, only, limit: 100 }
  const lines = await loadFrom(event, (api) => api.get<List<AuditLine>>('/audit', query))
  return { lines, query, place: m.admin_audit() }
}
