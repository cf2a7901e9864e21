import type { Db } from '@tocsin/db'
import { cancelMaintenance, createMaintenance, DeskError, MaintenanceInput, transact } from '@tocsin/desk'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { Sender } from '../authenticate.ts'
import { fitAnything, readMatchers } from './matchers.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LARGEST = 65_536
const WIDER =
  'This silence covers more than this source. It is changed and ended in Tocsin, by those whom it concerns.'

const Silence = z.object({
  id: z.string().optional(),
  matchers: z
    .array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean(),
        isEqual: z.boolean().nullable().default(true),
      }),
    )
    .min(1),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string().min(1).max(200),
  comment: z.string(),
})

interface Row {
  id: string
  state: 'active' | 'pending' | 'expired'
  comment: string
  created_by: string | null
  starts_at: Date
  ends_at: Date
  updated_at: Date
  matchers: z.infer<typeof MaintenanceInput>['matchers']
  /** Over labels of this source alone; another is more than its key may change, or its wire form can say. */
  own: boolean
}

type Asked = (
  reply: (c: Context, sender: Sender) => Response | Promise<Response>,
) => (c: Context) => Promise<Response>

/**
 * Alertmanager's silences as what they are here: maintenance of the kind “silence”, always ending, with author and
 * reason. One made here covers the alerts of this integration; windows and silences of people that reach here are shown
 * too, for they silence here as well: a service and an item as the label that names them, a recurring one by its span.
 */
export function silencesDoor(db: Db, asked: Asked): Hono {
  const app = new Hono()
  app.get(
    '/api/v2/silences',
    asked(async (c, { integrationId }) => {
      const wanted = readMatchers(c.req.queries('filter') ?? [])
      const silences = await readSilences(db, integrationId)
      const fits = ({ matchers }: Row) =>
        wanted.every((matcher) =>
          matcher(Object.fromEntries(matchers.map(({ name, value }) => [name, value]))),
        )
      return c.json(silences.filter(fits).map(gettable))
    }),
  )
  app.post(
    '/api/v2/silences',
    bodyLimit({ maxSize: LARGEST }),
    asked(async (c, { integrationId }) => {
      const given = Silence.safeParse(await c.req.json().catch(() => null))
      if (!given.success) return c.json(z.prettifyError(given.error), 400)
      const { id, matchers, startsAt, endsAt, createdBy, comment } = given.data
      if (fitAnything(matchers.map((one) => ({ ...one, isEqual: one.isEqual ?? true }))))
        return c.json('invalid silence: at least one matcher must not match the empty string', 400)
      const input = MaintenanceInput.safeParse({
        kind: 'silence',
        reason: comment,
        matchers: matchers.map(({ name, value, isRegex, isEqual }) => ({
          name,
          value,
          is_regex: isRegex,
          is_equal: isEqual ?? true,
        })),
        integration_id: integrationId,
        starts_at: startsAt,
        ends_at: endsAt,
      })
      if (!input.success) return c.json(z.prettifyError(input.error), 400)
      if (id !== undefined && id !== '') {
        const before = await silenceOf(db, integrationId, id)
        if (!before) return c.json('silence not found', 404)
        if (!before.own) return c.json(WIDER, 403)
      }
      try {
        // To change one is to end it and begin another, as it is in Alertmanager.
        const silenceID = await transact(db, { kind: 'integration', id: integrationId }, async (tx) => {
          if (id) await cancelMaintenance(tx, id)
          return createMaintenance(tx, { ...input.data, author_name: createdBy })
        })
        return c.json({ silenceID })
      } catch (error) {
        if (error instanceof DeskError) return c.json([error.message, ...wrongIn(error)].join(' '), 400)
        throw error
      }
    }),
  )
  app.get(
    '/api/v2/silence/:id',
    asked(async (c, { integrationId }) => {
      const silence = await silenceOf(db, integrationId, c.req.param('id') ?? '')
      return silence ? c.json(gettable(silence)) : c.body(null, 404)
    }),
  )
  app.delete(
    '/api/v2/silence/:id',
    asked(async (c, { integrationId }) => {
      const silence = await silenceOf(db, integrationId, c.req.param('id') ?? '')
      if (!silence) return c.body(null, 404)
      if (!silence.own) return c.json(WIDER, 403)
      if (silence.state === 'expired') return c.json(`silence ${silence.id} already expired`, 500)
      await transact(db, { kind: 'integration', id: integrationId }, (tx) =>
        cancelMaintenance(tx, silence.id),
      )
      return c.body(null, 200)
    }),
  )
  return app
}

const wrongIn = ({ details: { errors = [] } }: DeskError) =>
  errors.map(({ path, message }) => `${path}: ${message}.`)

// What means something in a pattern, and the same by itself.
const SPECIAL = String.raw`([.*+?^$(){}|[\]\\])`
const ESCAPED = String.raw`\\\1`

/** A label for what they are called, as Alertmanager would name several: by a pattern. */
const namedBy = (label: string, names: RawBuilder<unknown>) => sql`
  (select coalesce(jsonb_agg(one), '[]') from (
    select ${label}::text as name, count(*) > 1 as is_regex, true as is_equal,
      case when count(*) > 1 then string_agg(regexp_replace(n.name, ${SPECIAL}, ${ESCAPED}, 'g'), '|' order by n.name)
           else min(n.name) end as value
    from (${names}) n having count(*) > 0) one)`

async function readSilences(db: Db, integrationId: string, id?: string): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select m.id, m.reason as comment, coalesce(m.author_name, p.name) as created_by, coalesce(s.starts_at, m.starts_at) as starts_at,
           m.matchers || ${namedBy('service', sql`select v.key as name from service v where v.id = any(m.service_ids)`)}
             || ${namedBy('host', sql`select c.name from configuration_item c where c.id = any(m.ci_ids)`)} as matchers,
           coalesce(m.cancelled_at, s.ends_at, m.until) as ends_at, coalesce(m.cancelled_at, m.created_at) as updated_at,
           m.kind = 'silence' and m.integration_id is not null and m.condition is null and m.rrule is null
             and m.service_ids = '{}' and m.ci_ids = '{}' as own,
           case when m.cancelled_at is not null or m.until <= tocsin_now() then 'expired'
                when s.starts_at > tocsin_now() then 'pending' else 'active' end as state
    from maintenance m left join person p on p.id = m.author_id
    left join lateral (
      select starts_at, ends_at from maintenance_span s
      where s.maintenance_id = m.id and s.ends_at > tocsin_now() order by s.starts_at limit 1) s on m.cancelled_at is null
    where (m.integration_id = ${integrationId} or (m.integration_id is null and m.condition is null
      and (m.matchers <> '[]' or m.service_ids <> '{}' or m.ci_ids <> '{}'))) ${id === undefined ? sql`` : sql`and m.id = ${id}`}
    order by m.starts_at desc limit 1000`.execute(db)
  return rows
}

async function silenceOf(db: Db, integrationId: string, id: string): Promise<Row | undefined> {
  return UUID.test(id) ? (await readSilences(db, integrationId, id))[0] : undefined
}

const gettable = (row: Row) => ({
  id: row.id,
  status: { state: row.state },
  updatedAt: row.updated_at.toISOString(),
  comment: row.comment,
  createdBy: row.created_by ?? '',
  startsAt: row.starts_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
  matchers: row.matchers.map(({ name, value, is_regex, is_equal }) => ({
    name,
    value,
    isRegex: is_regex,
    isEqual: is_equal,
  })),
})
