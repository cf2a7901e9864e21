import { z } from '@hono/zod-openapi'
import { OPEN_STATES, type Reader, searchedInScope, ticketVisible, ticketWorkable } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import { Id, Instant } from '../../route.ts'
import { readFieldFilter } from './field-filter.ts'
import { whereMajor } from './major.ts'
import type { Sort } from './order.ts'
import { Channel, Kind, Priority, State } from './schema.ts'
import { whereWhen } from './when.ts'
import { type Near, queryOf, whereWords, wordsIn } from './words.ts'

const many = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .max(500)
    .transform((text) =>
      text
        .split(/(?<!\\),/)
        .map((part) => part.replaceAll('\\,', ','))
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item).min(1))
const idOrName = z.string().min(1).max(120)

/** What a list of tickets can be narrowed by; several values are separated by commas, and `\\,` is one within a value. */
export const TicketFilter = z.object({
  q: z.string().max(300).optional().openapi({
    description:
      'as the queue is searched: words of the ticket and of what was said about it, "in quotes" as they follow one another, a number, and `priority:P1 team:network age:>3d`; behind a minus what it must not have',
  }),
  kind: many(Kind).optional(),
  state: z
    .union([z.literal('open'), many(State)])
    .optional()
    .openapi({ description: '`open`, or states separated by commas' }),
  status: many(idOrName).optional().openapi({ description: 'ids or keys of statuses; `none`' }),
  priority: many(Priority).optional(),
  team: many(idOrName).optional().openapi({ description: 'ids or names; `mine` for my teams, `none`' }),
  assignee: many(idOrName)
    .optional()
    .openapi({ description: 'ids, names or e-mails of those who have a role; `me`, `none`' }),
  requester: many(idOrName).optional().openapi({ description: 'ids, names or e-mails; `me`, `none`' }),
  service: many(idOrName).optional().openapi({ description: 'ids, keys or names; `none`' }),
  category: many(idOrName)
    .optional()
    .openapi({ description: 'ids, keys or names; what stands beneath them counts; `none`' }),
  major: many(z.enum(['candidate', 'declared']))
    .optional()
    .openapi({ description: 'proposed as, or declared, a major incident' }),
  tag: many(z.string().max(100)).optional().openapi({ description: 'any of these' }),
  field: z.string().max(2000).optional().openapi({
    description:
      '`key=value`; `key>100`, `key<=2026-12-31`, `key=10..20`; `key~word` of what is written; several separated by commas, a comma within is `\\,`',
  }),
  for: z.literal('me').optional().openapi({
    description: '`me`: what I could go on with: mine, and what nobody has in my teams; nothing that waits',
  }),
  channel: many(Channel).optional(),
  symptom: z.string().max(300).optional(),
  sla: z.enum(['breached', 'at_risk']).optional(),
  age: many(z.string().max(30)).optional().openapi({ description: '`>3d`, `<2h`; each must hold' }),
  created: many(z.string().max(30))
    .optional()
    .openapi({ description: '`2026-11-02`, `2026-11-02..2026-11-08`, `>2026-11-02`, `<2h`; days are mine' }),
  updated: many(z.string().max(30)).optional().openapi({ description: 'as `created`' }),
  created_from: Instant.optional(),
  created_to: Instant.optional(),
  resolved_from: Instant.optional(),
  resolved_to: Instant.optional(),
  acknowledged_from: Instant.optional(),
  acknowledged_to: Instant.optional(),
  responded_from: Instant.optional().openapi({ description: 'its response target ended then' }),
  responded_to: Instant.optional(),
  open_at: Instant.optional().openapi({ description: 'opened before this instant and not ended before it' }),
})
export type TicketFilter = z.infer<typeof TicketFilter>

// Written out, never bound: only so can Postgres prove that the partial indexes of open tickets serve.
const OPEN = sql<boolean>`t.state not in ('resolved', 'closed', 'cancelled')`

export const isId = (text: string): boolean => Id.safeParse(text).success

/** A filter whose names are ids, and what people typed in it read: what is known before a query is planned gets the better plan. */
export interface ReadFilter extends TicketFilter {
  /** What a ticket must not be. */
  without?: TicketFilter
  /** When it was read, where something is asked for by how long ago it was. */
  now?: Date
  /** Numbers of tickets that were found already. */
  except?: string[]
  near?: Near
}

/** The team whose tickets alone are asked for. */
export const teamAsked = ({ team }: TicketFilter): string | undefined =>
  team?.length === 1 && isId(team[0]!) ? team[0] : undefined

// Written out as well: their values are our own few words, and each has its own share of the tickets.
const among = (column: RawBuilder<unknown>, values: string[]): RawBuilder<boolean> =>
  values.length === 1
    ? sql`${column} = ${sql.lit(values[0])}`
    : sql`${column} in (${sql.join(values.map((value) => sql.lit(value)))})`

export const isOpen = ({ state }: TicketFilter): boolean =>
  state === 'open' || (state?.every((one) => (OPEN_STATES as string[]).includes(one)) ?? false)

/** What of the filter the indexes of the orders of creation hold. */
function whereWalked(
  { state, age, created, created_from, created_to, for: whom, now }: ReadFilter,
  reader: Reader,
): RawBuilder<boolean> {
  const all = [sql<boolean>`true`]
  if (isOpen({ state }) || whom) all.push(OPEN)
  if (created_from) all.push(sql`t.created_at >= ${created_from}::timestamptz`)
  if (created_to) all.push(sql`t.created_at < ${created_to}::timestamptz`)
  all.push(...whereWhen('age', age, reader, now), ...whereWhen('created', created, reader, now))
  return sql.join(all, sql` and `)
}

type Sorted = ReadFilter & { sort: Sort }

/** What may lie anywhere in the order of a list, whichever: when something ended, an answer. */
const SCATTERED = [
  'field',
  'tag',
  'major',
  'channel',
  'updated',
  'resolved_from',
  'resolved_to',
  'acknowledged_from',
  'acknowledged_to',
  'responded_from',
  'responded_to',
] as const
/** What stands together in the order of creation, and in other orders anywhere. */
const BY_CREATION = ['age', 'created', 'created_from', 'created_to'] as const
/** What goes with the priority more often than not. */
const BY_PRIORITY = ['kind', 'category'] as const

/** Whether what is asked for may lie far from where the list begins; open tickets are few, and have their own orders. */
export function isScattered(filter: Sorted): boolean {
  const asked = (names: readonly (keyof TicketFilter)[]) => names.some((name) => filter[name] !== undefined)
  if (asked(SCATTERED)) return true
  if (isOpen(filter) || inCreation(filter)) return false
  const rare = filter.state !== undefined && !filter.state.includes('closed')
  return asked(BY_CREATION) || (filter.sort === 'priority' && (rare || asked(BY_PRIORITY)))
}

const inCreation = ({ sort }: Sorted): boolean => sort === '-created' || sort === 'created'

/**
 * What a walk in the order of a list leaves out at no cost, by the index of that order. From the newest back it may begin
 * where what is asked for ends, for nothing of a ticket lies before its creation.
 */
export function whereNear(filter: Sorted, reader: Reader): RawBuilder<boolean> {
  const { state, for: whom, sort, priority } = filter
  const all = [inCreation(filter) ? whereWalked(filter, reader) : whereWalked({ state, for: whom }, reader)]
  if (sort === 'priority' && priority) all.push(among(sql.ref('t.priority'), priority))
  const ends = [filter.acknowledged_to, filter.responded_to, filter.resolved_to]
  if (sort === '-created')
    all.push(...ends.flatMap((to) => (to ? [sql<boolean>`t.created_at < ${to}::timestamptz`] : [])))
  return sql.join(all, sql` and `)
}

/** The filter, its names read, and the reader's visibility as one condition over `ticket t`. */
export function whereTickets(filter: ReadFilter, reader: Reader): RawBuilder<boolean> {
  const { q, near, except, without = {}, now } = filter
  const nots = Object.entries(without).map(([name, value]) =>
    whereNot(name as keyof TicketFilter, { [name]: value, now }, reader),
  )
  const all = [ticketVisible(reader, teamAsked(filter)), whereAsked(filter, reader), ...nots]
  if (except?.length) all.push(sql`t.number <> all(${except}::text[])`)
  if (q?.trim()) all.push(whereWords(q.trim(), reader, near))
  return sql.join(all, sql` and `)
}

const KNOWN: ReadonlySet<keyof TicketFilter> = new Set([
  'age',
  'created',
  'updated',
  'state',
  'kind',
  'priority',
])

/** True of what is not known: a ticket without a team is not of that team. Of what always is an index serves the other way too. */
function whereNot(name: keyof TicketFilter, filter: ReadFilter, reader: Reader): RawBuilder<boolean> {
  if (name === 'tag')
    return sql`(exists (${tagged(filter.tag!)} and x.ticket_id = t.id) and ${ticketWorkable(reader)}) is not true`
  const asked = whereAsked(filter, reader)
  return KNOWN.has(name) || isNone(filter[name]) ? sql`not (${asked})` : sql`(${asked}) is not true`
}

const isNone = (asked: unknown): boolean => Array.isArray(asked) && asked.length === 1 && asked[0] === 'none'

function whereAsked(filter: ReadFilter, reader: Reader): RawBuilder<boolean> {
  const all: RawBuilder<boolean>[] = [whereWalked(filter, reader)]
  if (filter.state && filter.state !== 'open') all.push(among(sql.ref('t.state'), filter.state))
  if (filter.kind) all.push(among(sql.ref('t.kind'), filter.kind))
  if (filter.priority) all.push(among(sql.ref('t.priority'), filter.priority))
  if (filter.major) all.push(whereMajor(filter.major, reader))
  if (filter.tag) all.push(whereTags(filter.tag, reader))
  if (filter.field) all.push(whereFields(filter.field, reader))
  if (filter.channel) all.push(among(sql.ref('t.channel'), filter.channel))
  if (filter.symptom) all.push(sql`t.symptom_key = ${filter.symptom}`)
  if (filter.team) all.push(whereTeam(filter.team, reader))
  if (filter.assignee) all.push(whereOne(sql.ref('t.assignee_id'), filter.assignee, { me: reader.person.id }))
  if (filter.requester)
    all.push(whereOne(sql.ref('t.requester_id'), filter.requester, { me: reader.person.id }))
  if (filter.for) all.push(whereHandy(reader))
  if (filter.service) all.push(whereOne(sql.ref('t.service_id'), filter.service))
  if (filter.category) all.push(whereOne(sql.ref('t.category_id'), filter.category))
  if (filter.status) all.push(whereOne(sql.ref('t.status_id'), filter.status))
  if (filter.sla === 'breached') all.push(whereBreached(isOpen(filter)))
  if (filter.sla === 'at_risk')
    // Read once, by a subselect: called for every row, the clock would keep the index of due times from serving.
    all.push(
      sql`${OPEN} and t.due_at > (select tocsin_now()) and t.due_at < (select tocsin_now()) + interval '1 hour'`,
    )
  all.push(...whereWhen('updated', filter.updated, reader, filter.now))
  if (filter.resolved_from) all.push(sql`t.resolved_at >= ${filter.resolved_from}::timestamptz`)
  if (filter.resolved_to) all.push(sql`t.resolved_at < ${filter.resolved_to}::timestamptz`)
  if (filter.acknowledged_from) all.push(sql`t.acknowledged_at >= ${filter.acknowledged_from}::timestamptz`)
  if (filter.acknowledged_to) all.push(sql`t.acknowledged_at < ${filter.acknowledged_to}::timestamptz`)
  if (filter.responded_from || filter.responded_to)
    all.push(sql`t.id in (select c.ticket_id from sla_clock c where c.target = 'response'
      and c.stopped_at >= coalesce(${filter.responded_from ?? null}::timestamptz, '-infinity')
      and c.stopped_at < coalesce(${filter.responded_to ?? null}::timestamptz, 'infinity'))`)
  if (filter.open_at)
    all.push(sql`t.created_at < ${filter.open_at}::timestamptz
      and coalesce(t.resolved_at, t.closed_at, 'infinity') >= ${filter.open_at}::timestamptz`)
  return sql.join(all, sql` and `)
}

/** The same for whoever walks in no order: words are looked up by their index, which no other condition of theirs is. */
export function whereFound(filter: ReadFilter, reader: Reader): RawBuilder<boolean> {
  const words = queryOf(filter.q, 'all', filter.near)
  const found = whereTickets(filter, reader)
  return words ? sql`${found} and ${searchedInScope(reader, words)}` : found
}

/**
 * Few tickets are open: each asks for its own clocks. The limit says so to the planner, which would read every clock
 * there ever was for a join. Among all tickets that join is right.
 */
function whereBreached(open: boolean): RawBuilder<boolean> {
  const breached = sql`select true from sla_clock c where c.ticket_id = t.id
    and c.target in ('response', 'resolution') and c.breached_at is not null`
  return open ? sql`(${breached} limit 1)` : sql`exists (${breached})`
}

function whereHandy(reader: Reader): RawBuilder<boolean> {
  const teams = reader.teams.map((one) => one.id)
  return sql`t.state <> 'pending'
    and (t.assignee_id = ${reader.person.id} or (t.assignee_id is null and t.team_id = any(${teams}::uuid[])))`
}

function whereTeam(teams: string[], reader: Reader): RawBuilder<boolean> {
  const ids = teams.flatMap((team) => (team === 'mine' ? reader.teams.map(({ id }) => id) : [team]))
  return whereOne(sql.ref('t.team_id'), ids)
}

/**
 * Answers to custom fields and questions: of one field any of the values and every bound, of different fields all. A
 * value is looked for as a text, in a list, and where it reads like one as a number or a tick: each way has the index.
 * What employees are not asked tells them nothing.
 */
function whereFields(text: string, reader: Reader): RawBuilder<boolean> {
  const each = [...readFieldFilter(text)].map(([key, { values, words, bounds }]) => {
    const ways = values.flatMap((value) => [
      value,
      [value],
      ...(/^-?\d{1,15}(\.\d{1,10})?$/.test(value) ? [Number(value)] : []),
      ...(value === 'true' || value === 'false' ? [value === 'true'] : []),
    ])
    const answered = (that: RawBuilder<unknown>) =>
      sql<boolean>`t.id in (select a.ticket_id from ticket_answer a where a.key = ${key} and ${that})`
    const any = [
      ...ways.map((way) => sql<boolean>`t.fields @> ${JSON.stringify({ [key]: way })}::jsonb`),
      ...words.map((said) => {
        const query = wordsIn(said)
        return query ? answered(sql`a.words @@ ${query}`) : sql<boolean>`false`
      }),
    ]
    const between = bounds.map(({ sign, at }) => sql`a.number ${sql.raw(sign)} ${at}::numeric`)
    const all = [
      ...(any.length > 0 ? [sql<boolean>`(${sql.join(any, sql` or `)})`] : []),
      ...(between.length > 0 ? [answered(sql.join(between, sql` and `))] : []),
    ]
    return sql`${sql.join(all, sql` and `)} and (${ticketWorkable(reader)}
      or ${key} not in (select key from custom_field where not asked))`
  })
  return sql`t.fields <> '{}' and ${sql.join(each, sql` and `)}`
}

/** Tags are the desk's: a requester finds nothing by them. */
const whereTags = (names: string[], reader: Reader): RawBuilder<boolean> =>
  sql`t.id in (${tagged(names)}) and ${ticketWorkable(reader)}`

function tagged(names: string[]): RawBuilder<unknown> {
  const kept = names.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '-'),
  )
  return sql`select x.ticket_id from ticket_tag x
    where x.tag_id in (select coalesce(merged_into_id, id) from tag where name = any(${kept}))`
}

/** Any of these ids, of words that stand for one, or `none`. A single one is compared as such, for the plan. */
function whereOne(
  column: RawBuilder<unknown>,
  asked: string[],
  words: Record<string, string> = {},
): RawBuilder<boolean> {
  const ids = asked.map((one) => words[one] ?? one).filter(isId)
  // Alone, so that those without are found by an index of theirs.
  if (ids.length === 0 && asked.includes('none')) return sql<boolean>`${column} is null`
  const among = ids.length === 1 ? sql`${column} = ${ids[0]}` : sql`${column} = any(${ids}::uuid[])`
  return sql<boolean>`${asked.includes('none') ? sql`(${column} is null or ${among})` : among}`
}
