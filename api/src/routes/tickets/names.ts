import type { Db } from '@tocsin/db'
import { DeskError, readNow, STATES } from '@tocsin/desk'
import { sql } from 'kysely'
import { readAnswersAsked } from './field-filter.ts'
import { isId, type ReadFilter, type TicketFilter } from './filter.ts'
import { readTyped } from './typed.ts'
import { isFromNow } from './when.ts'

/** What of a search could not be meant as it was typed: an operator that is none, or a name that nothing has. */
export interface Unknown {
  typed: string
  why: 'operator' | 'name'
}

/**
 * What is asked for, ready to be asked: what was typed among its words is read, and names are ids. Without a filter
 * where nothing has the name that was asked for, so no ticket either.
 */
export async function readFilter<Filter extends TicketFilter>(
  db: Db,
  asked: Filter,
): Promise<{ filter?: Filter & ReadFilter; unknown: Unknown[] }> {
  const typed = readTyped(asked.q ?? '')
  const main = { ...asked, ...apart(asked, typed.asked), q: typed.words || undefined }
  const { state: never, ...others } = typed.without
  // What it must not be is said by what it may be: the indexes of open tickets serve then.
  const may = never && !main.state ? othersThan(never) : []
  if (may.length > 0) main.state = may
  const without = { ...others, ...(never && may.length === 0 && { state: never }) }
  const ids = await idsOf(db, [main, without])
  const unknown: Unknown[] = typed.unknown.map((one) => ({ typed: one, why: 'operator' }))
  const named = await withIds(db, main, ids, unknown)
  const not = await withIds(db, without, ids, unknown)
  const nothing = NAMED.some((facet) => named[facet]?.length === 0)
  const some = Object.fromEntries(
    Object.entries(not).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  )
  const times = [main, without].flatMap((one) =>
    [one.age, one.created, one.updated].flatMap((asked) => asked ?? []),
  )
  const now = times.some(isFromNow) ? await readNow(db) : undefined
  return { unknown, ...(!nothing && { filter: { ...named, without: some, now } }) }
}

/** What is asked by a parameter is not asked among the words once more, for which of the two counted? */
function apart(asked: TicketFilter, typed: Partial<TicketFilter>): Partial<TicketFilter> {
  const twice = (Object.keys(typed) as (keyof TicketFilter)[]).find((name) => asked[name] !== undefined)
  if (twice)
    throw new DeskError('invalid', `“${twice}” is asked for twice.`, {
      errors: [{ path: 'q', message: `${twice} is a parameter already` }],
    })
  return typed
}

const othersThan = (states: 'open' | readonly string[]): (typeof STATES)[number][] =>
  STATES.filter((state) =>
    states === 'open' ? ['resolved', 'closed', 'cancelled'].includes(state) : !states.includes(state),
  )

/** Facets whose values are names of things. */
const NAMED = ['team', 'service', 'category', 'status', 'assignee', 'requester'] as const
type Named = (typeof NAMED)[number]
const WORDS: Record<Named, readonly string[]> = {
  team: ['mine', 'none'],
  service: ['none'],
  category: ['none'],
  status: ['none'],
  assignee: ['me', 'none'],
  requester: ['me', 'none'],
}
// Of a category the id is asked too: what stands beneath it counts.
const isKnown = (facet: Named, name: string): boolean =>
  WORDS[facet].includes(name) || (facet !== 'category' && isId(name))

type Ids = ReadonlyMap<string, string[]>
const keyOf = (facet: Named, name: string) => `${facet}:${name}`

async function idsOf(db: Db, filters: readonly Partial<TicketFilter>[]): Promise<Ids> {
  const asked = filters.flatMap((filter) =>
    NAMED.flatMap((facet) =>
      (filter[facet] ?? []).filter((name) => !isKnown(facet, name)).map((name) => ({ facet, name })),
    ),
  )
  if (asked.length === 0) return new Map()
  const { rows } = await sql<{ facet: Named; asked: string; ids: string[] }>`
    select g.facet, g.asked, array_agg(distinct x.id::text) as ids
    from (select distinct facet, name as asked from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as r(facet text, name text)) g,
    lateral (
      select id from team where g.facet = 'team' and archived_at is null and lower(name) = lower(g.asked)
      union all select id from service where g.facet = 'service' and (key = lower(g.asked) or ${called('name')})
      union all select c.id from category a join category c on c.path @> array[a.id]
        where g.facet = 'category' and (a.id::text = g.asked or a.key = lower(g.asked) or ${called('a.name')})
      union all select id from ticket_status where g.facet = 'status' and (key = lower(g.asked) or ${called('name')})
      union all select p.id from person p where g.facet = 'assignee'
        and p.id in (select r.person_id from role_grant r)
        and (fold_text(p.name) = fold_text(g.asked) or lower(p.email) = lower(g.asked))
      union all select id from person where g.facet = 'requester' and folded_name = fold_text(g.asked)
      union all select id from person where g.facet = 'requester' and lower(email) = lower(g.asked)) x
    group by g.facet, g.asked`.execute(db)
  return new Map(rows.map((row) => [keyOf(row.facet, row.asked), row.ids]))
}

/** By its label in any language. */
const called = (labels: string) =>
  sql`exists (select from jsonb_each_text(${sql.ref(labels)}) l where lower(l.value) = lower(g.asked))`

/** The filter by ids; what nothing is called is left out and noted. */
async function withIds<Filter extends Partial<TicketFilter>>(
  db: Db,
  filter: Filter,
  ids: Ids,
  unknown: Unknown[],
): Promise<Filter> {
  const named: Partial<Record<Named, string[]>> = {}
  for (const facet of NAMED) {
    const names = filter[facet]
    if (names) named[facet] = [...new Set(names.flatMap((name) => found(facet, name)))]
  }
  function found(facet: Named, name: string): string[] {
    if (isKnown(facet, name)) return [name]
    const is = ids.get(keyOf(facet, name))
    if (!is) unknown.push({ typed: keyOf(facet, name), why: 'name' })
    return is ?? []
  }
  return { ...filter, ...named, ...(filter.field && { field: await readAnswersAsked(db, filter.field) }) }
}
