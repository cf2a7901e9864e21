import { z } from '@hono/zod-openapi'
import { type OnCallNow, readMyShifts, readOnCallNow } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { Instant, json, page, route } from '../route.ts'
import { Page, readPages } from './pages.ts'
import { Named, Shift, showShifts } from './schedules/schema.ts'

const Now = z
  .object({
    schedule: Named,
    team: Named,
    now: Shift.nullable().openapi({ description: 'null: nobody is on' }),
    next: Shift.nullable(),
  })
  .openapi('OnCallNow')
const Me = z
  .object({
    needs_me: z.array(Page),
    shifts: z.array(z.object({ schedule: Named, from: Instant, to: Instant, running: z.boolean() })),
    lately: z.array(Page),
    failing: z
      .array(z.object({ kind: z.string(), since: Instant, reason: z.string() }))
      .openapi({ description: 'ways to reach me over which something failed for good' }),
  })
  .openapi('OnCallMe')

const tags = ['On call']
const now = route('schedule.read', {
  method: 'get',
  path: '/oncall/now',
  summary: 'Who is on call now and who is next, for every schedule',
  tags,
  request: {},
  responses: { 200: json(page(Now), 'One line a schedule') },
})
const me = route('page.read', {
  method: 'get',
  path: '/oncall/me',
  summary: 'What needs me now, my shifts of the next three weeks, what woke me in the last 30 days',
  tags,
  request: {},
  responses: { 200: json(Me, 'My duty') },
})

export const onCallRoutes: Resource = (app, { db }) => {
  app.openapi(now, async (c) => {
    const duties = await readOnCallNow(db)
    const teams = await db.selectFrom('team').select(['id', 'name']).execute()
    const teamName = new Map(teams.map(({ id, name }) => [id, name]))
    const shifts = await showShifts(db, duties.flatMap(shiftsIn))
    const items = duties.map((duty) => ({
      schedule: { id: duty.rota.id, name: duty.rota.name },
      team: { id: duty.rota.teamId, name: teamName.get(duty.rota.teamId) ?? '' },
      now: duty.now ? shifts.shift()! : null,
      next: duty.next ? shifts.shift()! : null,
    }))
    return c.json({ items, next: null }, 200)
  })
  app.openapi(me, async (c) => {
    const reader = c.get('reader')
    const mine = sql`g.recipient_id = ${reader.person.id}`
    const [needs_me, lately, shifts, failing] = await Promise.all([
      readPages(db, reader, sql`${mine} and g.state = 'open'`, 100),
      readPages(
        db,
        reader,
        sql`${mine} and g.state <> 'open' and g.created_at > (select tocsin_now()) - interval '30 days'`,
        30,
      ),
      readMyShifts(db, reader.person.id),
      sql<{ kind: string; since: string; reason: string }>`
        select kind, failing_since as since, failing ->> 'reason' as reason from contact_method
        where person_id = ${reader.person.id} and archived_at is null and failing_since is not null
        order by failing_since`.execute(db),
    ])
    const shown = shifts.map(({ schedule, from, to, running }) => ({
      schedule,
      from: from.toISOString(),
      to: to.toISOString(),
      running,
    }))
    return c.json({ needs_me, shifts: shown, lately, failing: failing.rows }, 200)
  })
}

const shiftsIn = (duty: OnCallNow) => [duty.now, duty.next].filter((shift) => shift !== undefined)
