import { loadFrom } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import type { Count, List, TicketLine } from '#lib/api/types.ts'
import { parseFilter } from '#lib/filter/grammar.ts'
import { m } from '#lib/paraglide/messages.js'
import { behindOf } from './behind.ts'
import { queryOf } from './query.ts'
import type { PageLoad } from './$types'
import { sorts } from './views.ts'

const pageSize = 60

/** The address is the state of the queue: `?f=` the filter as typed, `?sort=`. */
export const load: PageLoad = async ({ fetch, url, parent }) => {
  const behind = behindOf(url.searchParams)
  const typed = url.searchParams.get('f') ?? (behind ? '' : 'state:open')
  const sort = sorts.find((known) => known === url.searchParams.get('sort')) ?? (behind ? '-created' : 'due')
  const known = await parent()
  const query = { ...queryOf(parseFilter(typed), sort, known), ...behind, limit: pageSize }
  const [tickets, counts] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api
        .get<List<TicketLine> & { misread?: string }>('/tickets', query)
        .catch((error: unknown) => explain(error, 'q' in query)),
      api.get<Record<string, Count>>('/tickets/counts'),
    ]),
  )
  return { typed, behind, sort, query, tickets, counts }
}

/** A filter that the desk cannot read leaves the list empty and says why, instead of failing the page. */
function explain(error: unknown, searched: boolean): List<TicketLine> & { misread?: string } {
  if (isProblem(error) && error.status === 503 && searched)
    return { items: [], next: null, misread: m.tickets_search_slow() }
  if (!isProblem(error) || (error.status !== 400 && error.status !== 422)) throw error
  const [first] = error.problem.errors ?? []
  return { items: [], next: null, misread: first ? `${first.path}: ${first.message}` : error.message }
}
