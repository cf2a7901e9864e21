import { error as failPage } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import type { Count, List, TicketLine } from '#lib/api/types.ts'
import { type FacetName, facetNames, type Filter, parseFilter, printSearch } from '#lib/filter/grammar.ts'
import { unreadOf } from '#lib/filter/unread.ts'
import { m } from '#lib/paraglide/messages.js'
import { fieldsAsked } from '#lib/ticket/columns.ts'
import { type SavedView, typedOf } from '#lib/ticket/saved-view.ts'
import { behindOf } from './behind.ts'
import { filterWords } from './choices.ts'
import { queryOf } from './query.ts'
import type { PageLoad } from './$types'
import { sortOf } from './views.ts'

const pageSize = 60
type Found = List<TicketLine> & { misread?: string }

/** The address is the state of the queue: `?view=` a saved view, `?f=` the filter as typed, `?sort=`. */
export const load: PageLoad = async ({ fetch, url, parent }) => {
  const behind = behindOf(url.searchParams)
  const [known, { items: saved }] = await Promise.all([
    parent(),
    loadFrom({ fetch, url }, (api) => api.get<List<SavedView>>('/ticket-views')),
  ])
  const view = viewOf(url.searchParams, saved)
  const kept = view && typedOf(view.filter, known)
  const typed = url.searchParams.get('f') ?? kept ?? (behind ? '' : 'state:open')
  const chosen = url.searchParams.get('sort')
  // What a program keeps in a view may be more than people type.
  const beside = behind ?? (view && typed === kept ? besideTyped(view.filter) : undefined)
  const read = parseFilter(typed)
  const sort = sortOf(read, chosen ?? view?.sort ?? (behind ? '-created' : undefined))
  // What is next is open: who changes all that is found means what is shown.
  const next = sort === 'next' && !read.facets.state ? { state: 'open' } : undefined
  const filter = { ...queryOf(read, known), ...next, ...beside }
  const fields = fieldsAsked(view?.columns)
  const query = { ...filter, sort, limit: pageSize, ...(fields && { fields }) }
  const unread = unreadOf(read, filterWords(known.teams))
  const nothing: Found = { items: [], next: null }
  const [tickets, counts] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      unread.length > 0
        ? nothing
        : api.get<Found>('/tickets', query).catch((error: unknown) => explain(error, read)),
      api.get<Record<string, Count>>('/tickets/counts'),
    ]),
  )
  const isChanged = view !== undefined && (typed !== kept || sort !== view.sort)
  return { typed, behind, chosen, sort, filter, query, unread, tickets, counts, saved, view, isChanged }
}

/** The saved view that the address names; where it asks for nothing, the one that the reader's queue opens with. */
function viewOf(asked: URLSearchParams, saved: readonly SavedView[]): SavedView | undefined {
  const id = asked.get('view')
  const found = id ? saved.find((view) => view.id === id) : undefined
  if (id && !found) failPage(404, { message: m.views_gone() })
  return found ?? (asked.size === 0 ? saved.find((view) => view.opens) : undefined)
}

function besideTyped(asked: Record<string, string>): Record<string, string> {
  const typed = new Set<string>([...facetNames, 'q'])
  return Object.fromEntries(Object.entries(asked).filter(([name]) => !typed.has(name)))
}

/** A filter that the desk cannot read leaves the list empty and says why, instead of failing the page. */
function explain(error: unknown, filter: Filter): Found {
  const { facets, without } = filter
  const words = printSearch(filter)
  const nothing = (misread: string) => ({ items: [], next: null, misread })
  if (!isProblem(error)) throw error
  if (error.status === 503 && words) return nothing(m.tickets_search_slow())
  if (error.status !== 400 && error.status !== 422) throw error
  const [first] = error.problem.errors ?? []
  const name = first?.path as FacetName
  const [values, sign] = facets[name] ? [facets[name], ''] : [without?.[name], '-']
  const typed = values ? `${sign}${name}:${values.join(',')}` : words
  return nothing(first ? m.filter_misread({ typed }) : error.message)
}
