import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { actorOf, DeskError, followMajor, found, type Reader, transact } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, Empty, Instant, json, route } from '../route.ts'
import { Label } from './services.ts'
import { at } from './tickets/details.ts'
import { NumberParams } from './tickets/schema.ts'

export const Outage = z
  .object({
    service: z.object({ key: z.string(), name: Label }).nullable(),
    since: Instant,
    state: z
      .enum(['noticed', 'in_progress'])
      .openapi({ description: 'in_progress: somebody has taken notice and works on it' }),
    major: z
      .object({
        number: z.string(),
        following: z.boolean().openapi({ description: 'the reader hears of it by mail' }),
        update: z
          .object({
            title: z.string(),
            affected: z.string(),
            body: z.string(),
            at: Instant,
            next_update_at: Instant.nullable(),
          })
          .nullable()
          .openapi({ description: 'what was told last' }),
      })
      .nullable()
      .openapi({ description: 'of a declared major incident' }),
  })
  .openapi('Outage')
type Outage = z.infer<typeof Outage>

const tags = ['Portal']
const follows = (['follow', 'unfollow'] as const).map((verb) =>
  route('catalogue.read', {
    method: 'post',
    path: `/outages/{number}/${verb}`,
    summary:
      verb === 'follow'
        ? 'This major incident hits me too: tell me of it by mail, rather than take another report'
        : 'Tell me no more of it',
    tags,
    request: { params: NumberParams, body: body(z.strictObject({})) },
    responses: { 200: json(Empty, 'Done') },
  }),
)

/** Major incidents over `ticket t` of which the reader may know: a confidential one is told to those chosen alone. */
const known = (reader: Reader): RawBuilder<boolean> => {
  const { person, teams } = reader
  return sql<boolean>`(not t.confidential
    or exists (select from major_follower f where f.ticket_id = t.id and f.person_id = ${person.id})
    or exists (select from major_stakeholder s where s.ticket_id = t.id
      and (s.person_id = ${person.id} or s.team_id = any(${teams.map(({ id }) => id)}::uuid[]))))`
}

/**
 * What is broken just now, for everybody: declared major incidents with what was told of them last, and services with
 * a grave incident. Titles and words of tickets are the desk's, and never told here.
 */
export async function outagesFor(db: Db, reader: Reader): Promise<Outage[]> {
  const { rows } = await sql<Outage>`
    with major as (
      select t.*, s.key, s.name,
        (select jsonb_build_object('title', u.title, 'affected', u.affected, 'body', m.body, 'at', ${at('u.created_at')},
            'next_update_at', ${at('x.next_update_at')})
         from major_update u join message m on m.id = u.message_id
         where u.ticket_id = t.id order by u.created_at desc, u.message_id desc limit 1) as told,
        exists (select from major_follower f where f.ticket_id = t.id and f.person_id = ${reader.person.id}) as following
      from major_incident x join ticket t on t.id = x.ticket_id left join service s on s.id = t.service_id and s.archived_at is null
      where x.state = 'declared' and t.state not in ('resolved', 'closed', 'cancelled') and ${known(reader)}
    ), outage as (
      select case when key is not null then jsonb_build_object('key', key, 'name', name) end as service,
        created_at as since, acknowledged_at is not null as taken,
        jsonb_build_object('number', number, 'following', following, 'update', told) as major
      from major where told is not null or key is not null
      union all
      select jsonb_build_object('key', s.key, 'name', s.name), min(t.created_at), bool_or(t.acknowledged_at is not null), null
      from ticket t join service s on s.id = t.service_id
      where t.kind = 'incident' and t.priority in ('P1', 'P2') and not t.confidential and s.archived_at is null
        and t.state not in ('resolved', 'closed', 'cancelled')
        and not exists (select from major where major.service_id = s.id)
      group by s.id
    )
    select service, since, case when taken then 'in_progress' else 'noticed' end as state, major
    from outage order by major is null, since desc limit 50`.execute(db)
  return rows
}

export const outageRoutes: Resource = (app, { db }) => {
  for (const [index, declared] of follows.entries())
    app.openapi(declared, async (c) => {
      const reader = c.get('reader')
      const { rows } = await sql<{ id: string; ended: boolean }>`
        select t.id, t.state in ('resolved', 'closed', 'cancelled') as ended
        from ticket t join major_incident x on x.ticket_id = t.id
        where t.number = ${c.req.valid('param').number} and x.state = 'declared' and ${known(reader)}`.execute(
        db,
      )
      const { id, ended } = found(rows[0], 'outage')
      const on = index === 0
      if (on && ended)
        throw new DeskError('conflict', 'The outage is over. If something does not work, please file it.')
      await transact(db, actorOf(reader), (tx) => followMajor(tx, { id, personId: reader.person.id, on }))
      return c.json({ ok: true as const }, 200)
    })
}
