import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  actorOf,
  alertVisible,
  askReplay,
  cancelReplay,
  checkRuleset,
  DeskError,
  found,
  recordedSince,
  RulesetBody,
  transact,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { body, Id, IdParams, Instant, json, page, Paging, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Totals = z
  .object({
    incidents: z.number(),
    requests: z.number(),
    joins: z.number(),
    proposed: z.number().openapi({ description: 'openings of alerts that wait for a person' }),
    held: z.number().openapi({ description: 'held back: by a hold, a threshold, flapping, maintenance' }),
    nothing: z.number().openapi({ description: 'came to no ticket, as a rule or the severity says' }),
    pages: z.number(),
    night_pages: z.number(),
    sleep_minutes: z.number().openapi({
      description:
        'from a page at night (22 to 8 in the person’s zone) until it ended, an hour at most, and half an hour more',
    }),
  })
  .openapi('ReplayTotals')
const OfPerson = Totals.pick({ pages: true, night_pages: true, sleep_minutes: true })
const Day = z.object({ tickets: z.number(), pages: z.number() })
const Result = z
  .object({
    events: z.number(),
    was: Totals,
    would: Totals,
    people: z.array(
      z.object({ person: z.object({ id: Id, name: z.string() }), was: OfPerson, would: OfPerson }),
    ),
    days: z.array(z.object({ day: z.string(), was: Day, would: Day })),
    /** Whether the rules that were in force led, once more, to what the record holds. */
    record: z.object({
      openings: z.number(),
      openings_matched: z.number(),
      pages: z.number(),
      pages_wrong: z.number(),
      exact: z.boolean(),
    }),
    differences: z.number(),
    listed: z.number(),
  })
  .openapi('ReplayResult')
const Replay = z
  .object({
    id: Id,
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    from: Instant,
    to: Instant,
    version: z.number().nullable().openapi({ description: 'of the rules tried; null: a draft' }),
    rules: z.number(),
    asked_by: z.object({ id: Id, name: z.string() }).nullable(),
    created_at: Instant,
    finished_at: Instant.nullable(),
    done_events: z.number(),
    progress: z.number().openapi({ description: 'of the period, 0 to 1' }),
    error: z.enum(['fault', 'interrupted', 'not-kept']).nullable().openapi({
      description: 'why it failed: a fault of ours, its engine died again and again, the period was dropped',
    }),
    result: Result.nullable(),
  })
  .openapi('Replay')
const Fate = z.object({
  how: z.enum(['opened', 'joined', 'nothing', 'proposed', 'held']),
  ticket: z
    .string()
    .nullable()
    .openapi({ description: 'where it stood before the period, or in the record' }),
  with: z.object({ id: Id, title: z.string() }).nullable().openapi({ description: 'whose ticket it joined' }),
  why: z.record(z.string(), z.unknown()),
})
const PagedFor = OfPerson.pick({ pages: true, sleep_minutes: true })
const Difference = z
  .object({
    at: Instant,
    alert: z.object({ id: Id, title: z.string(), integration: z.string() }),
    episode: z.number(),
    was: Fate.nullable(),
    would: Fate.nullable(),
    paged: z
      .object({ was: PagedFor, would: PagedFor })
      .openapi({ description: 'because of the ticket that it opened' }),
  })
  .openapi('ReplayDifference')

const tags = ['Rules']
const ask = route('rule.edit', {
  method: 'post',
  path: '/replays',
  summary: 'Run rules over a period that was recorded: a draft, a version, else the rules in force',
  tags,
  request: {
    body: body(
      z.strictObject({
        from: Instant,
        to: Instant,
        rules: RulesetBody.optional(),
        version: z.int().min(1).max(2_147_483_647).optional(),
      }),
    ),
  },
  responses: { 202: json(z.object({ id: Id }), 'Asked for') },
})
const list = route('rule.read', {
  method: 'get',
  path: '/replays',
  summary: 'Replays, the newest first, and since when what they need is recorded',
  tags,
  request: { query: Paging },
  responses: { 200: json(page(Replay).extend({ recorded_since: Instant.nullable() }), 'Replays') },
})
const get = route('rule.read', {
  method: 'get',
  path: '/replays/{id}',
  summary: 'How far a replay is, and what came of it',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Replay, 'The replay') },
})
const differences = route('rule.read', {
  method: 'get',
  path: '/replays/{id}/differences',
  summary:
    'Alert by alert, what would have come of it instead, and why, and whom it would have woken; 10,000 at most',
  tags,
  request: { params: IdParams, query: Paging },
  responses: { 200: json(page(Difference), 'Differences') },
})

interface Row extends Omit<z.infer<typeof Replay>, 'result' | 'from' | 'to' | 'created_at' | 'finished_at'> {
  from: Date
  to: Date
  created_at: Date
  finished_at: Date | null
  result: Record<string, unknown> | null
}

async function readReplays(db: Db, where: RawBuilder<unknown>, limit: number) {
  const { rows } = await sql<Row>`
    select r.id, r.state, r.from_at as "from", r.to_at as "to", r.ruleset_version as version,
      jsonb_array_length(r.body -> 'rules') as rules, r.created_at, r.finished_at, r.done_events, r.error,
      case when r.state = 'done' then 1
           else greatest(0, least(1, coalesce(extract(epoch from r.done_to - r.from_at) / extract(epoch from r.to_at - r.from_at), 0)))
      end::float8 as progress,
      (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = r.asked_by) as asked_by,
      case when r.result is not null then r.result || jsonb_build_object('people', (
        select coalesce(jsonb_agg((q.one - 'id') || jsonb_build_object('person', jsonb_build_object('id', p.id, 'name', p.name)) order by q.place), '[]')
        from jsonb_array_elements(r.result -> 'people') with ordinality q(one, place) join person p on p.id = (q.one ->> 'id')::uuid)) end as result
    from replay r where ${where} order by r.id desc limit ${limit}`.execute(db)
  return rows.map(({ result, ...row }) => ({
    ...row,
    from: row.from.toISOString(),
    to: row.to.toISOString(),
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    result: result as z.infer<typeof Result> | null,
  }))
}

// A fate's ticket: that of the record, or the one that stood before; and whose opening it joined. A founder is a
// ticket's id, or an opening: its episode, integration and key. What is looked up is read first, never the other way round.
const fate = (side: 'was' | 'would') => {
  const founder = sql`(d.body -> ${side} ->> 'founder')`
  const source = sql`split_part(${founder}, ' ', 2)`
  const id = (text: RawBuilder<unknown>) =>
    sql`case when pg_input_is_valid(${text}, 'uuid') then ${text}::uuid end`
  const recorded = sql`(select l.ticket_id from alert_link l where l.alert_id = d.alert_id
    and l.episode = (d.body ->> 'episode')::int and l.how in ('opened', 'joined') order by l.id limit 1)`
  return sql`
  case when jsonb_typeof(d.body -> ${side}) = 'object' then jsonb_build_object(
    'how', d.body -> ${side} -> 'how', 'why', d.body -> ${side} -> 'why',
    'ticket', (select t.number from ticket t
      where t.id = any(array[${id(founder)}, ${side === 'was' ? recorded : sql`null`}]) limit 1),
    'with', (select jsonb_build_object('id', f.id, 'title', f.title) from alert f
      where d.body -> ${side} ->> 'how' = 'joined' and f.integration_id = ${id(source)}
        and f.dedup_key = substr(${founder}, length(split_part(${founder}, ' ', 1)) + 39)))
  end`
}

export const replayRoutes: Resource = (app, { db }) => {
  app.openapi(ask, async (c) => {
    const { from, to, rules, version } = c.req.valid('json')
    if (rules && version !== undefined)
      throw new DeskError('invalid', 'Give rules or a version, not both.', {
        errors: [{ path: 'version', message: 'or `rules`: one of them' }],
      })
    const id = await transact(db, actorOf(c.get('reader')), async (tx) => {
      if (rules) await checkRuleset(tx, rules)
      return askReplay(tx, {
        from: new Date(from),
        to: new Date(to),
        ...(rules && { rules }),
        ...(version !== undefined && { version }),
      })
    })
    return c.json({ id }, 202)
  })
  app.openapi(list, async (c) => {
    const { cursor, limit } = c.req.valid('query')
    const where = cursor ? sql`r.id < ${decodeCursor(cursor, 1)[0]}::uuid` : sql`true`
    const rows = await readReplays(db, where, limit + 1)
    const items = rows.slice(0, limit)
    const next = rows.length > limit ? encodeCursor([items.at(-1)!.id]) : null
    const since = await recordedSince(db)
    return c.json({ items, next, recorded_since: since?.toISOString() ?? null }, 200)
  })
  app.openapi(get, async (c) => {
    const [one] = await readReplays(db, sql`r.id = ${c.req.valid('param').id}`, 1)
    return c.json(found(one, 'replay'), 200)
  })
  app.openapi(differences, async (c) => {
    const { id } = c.req.valid('param')
    const { cursor, limit } = c.req.valid('query')
    found((await readReplays(db, sql`r.id = ${id}`, 1))[0], 'replay')
    const after = cursor ? Number(decodeCursor(cursor, 1)[0]) : -1
    const { rows } = await sql<Omit<z.infer<typeof Difference>, 'at'> & { place: number; at: Date }>`
      select d.place, d.at, (d.body ->> 'episode')::int as episode, ${fate('was')} as "was", ${fate('would')} as "would",
        coalesce(d.body -> 'paged', '{"was": {"pages": 0, "sleep_minutes": 0}, "would": {"pages": 0, "sleep_minutes": 0}}') as paged,
        jsonb_build_object('id', a.id, 'title', a.title, 'integration', i.name) as alert
      from replay_difference d join alert a on a.id = d.alert_id join integration i on i.id = a.integration_id
      where d.replay_id = ${id} and d.place > ${after} and ${alertVisible(c.get('reader'))}
      order by d.place limit ${limit + 1}`.execute(db)
    const items = rows
      .slice(0, limit)
      .map(({ place: _place, at, ...row }) => ({ ...row, at: at.toISOString() }))
    const next = rows.length > limit ? encodeCursor([rows[limit - 1]!.place]) : null
    return c.json({ items, next }, 200)
  })
  rowVerb(app, db, {
    permission: 'rule.edit',
    path: '/replays/{id}/cancel',
    summary: 'Stop a replay',
    tags,
    run: cancelReplay,
  })
}
