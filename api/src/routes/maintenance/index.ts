import { z } from '@hono/zod-openapi'
import {
  actorOf,
  cancelMaintenance,
  createMaintenance,
  demandQuiet,
  DeskError,
  editMaintenance,
  found,
  lockWindow,
  MaintenanceEdit,
  MaintenanceInput,
  previewMaintenance,
  type Reader,
  ticketVisible,
  transact,
  type Tx,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Empty, Id, IdParams, Instant, json, route } from '../../route.ts'
import { readRoutes } from './read.ts'
import { ChangedMaintenance, NewMaintenance } from './schema.ts'

const Preview = z
  .object({
    from: Instant,
    to: Instant,
    events: z.number(),
    alerts: z.number(),
    tickets: z.number().openapi({ description: 'opened by what it covers and nothing else' }),
    pages: z.number(),
    capped: z.boolean().openapi({ description: 'there was more than is looked at' }),
    items: z.array(
      z.object({
        id: Id,
        title: z.string(),
        severity: z.string(),
        integration: z.object({ id: Id, name: z.string() }),
        events: z.number(),
        first_at: Instant,
        last_at: Instant,
        ticket: z.object({ number: z.string(), title: z.string() }).nullable(),
      }),
    ),
  })
  .openapi('MaintenancePreview')

const tags = ['Maintenance']
const create = route('alert.work', {
  method: 'post',
  path: '/maintenance',
  summary: 'Plan a maintenance window, or silence from now on. It always ends, and says who wants it and why',
  tags,
  request: { body: body(NewMaintenance) },
  responses: { 201: json(z.object({ id: Id }), 'Planned') },
})
const preview = route('alert.work', {
  method: 'post',
  path: '/maintenance/preview',
  summary: 'What it would have kept quiet in the last seven days, of what I may see; saves nothing',
  tags,
  request: { body: body(NewMaintenance) },
  responses: { 200: json(Preview, 'Counts, and the alerts with the most events') },
})
const edit = route('alert.work', {
  method: 'patch',
  path: '/maintenance/{id}',
  summary:
    'Change it, also while it is in force: longer, shorter, over other things. What it covers no more is taken up at once',
  tags,
  request: { params: IdParams, body: body(ChangedMaintenance) },
  responses: { 200: json(Empty, 'Changed') },
})
const cancel = route('alert.work', {
  method: 'post',
  path: '/maintenance/{id}/cancel',
  summary: 'End it now, what is still to come of it too; what still fails is taken up at once',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Empty, 'Ended') },
})

export const maintenanceRoutes: Resource = (app, deps) => {
  const { db } = deps
  app.openapi(preview, async (c) => {
    const reader = c.get('reader')
    const input = MaintenanceInput.parse(c.req.valid('json'))
    const seen = await transact(db, actorOf(reader), (tx) => previewMaintenance(tx, reader, input))
    return c.json(
      {
        ...seen,
        from: seen.from.toISOString(),
        to: seen.to.toISOString(),
        items: seen.items.map((one) => ({
          ...one,
          first_at: one.first_at.toISOString(),
          last_at: one.last_at.toISOString(),
        })),
      },
      200,
    )
  })
  app.openapi(create, async (c) => {
    const reader = c.get('reader')
    const input = MaintenanceInput.parse(c.req.valid('json'))
    const id = await transact(db, actorOf(reader), async (tx) => {
      await demandQuiet(tx, reader, input)
      if (input.change_id) await demandChange(tx, reader, input.change_id)
      return createMaintenance(tx, input)
    })
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    const { seen_revision: seen, ...terms } = c.req.valid('json')
    const change = MaintenanceEdit.parse(terms)
    await transact(db, actorOf(reader), async (tx) => {
      const window = await lockWindow(tx, id)
      if (window.author_id !== reader.person.id) await demandQuiet(tx, reader, window)
      // Who may end one may not widen it over what is not theirs.
      if (change.service_ids || change.integration_id !== undefined)
        await demandQuiet(tx, reader, { ...window, ...change })
      await editMaintenance(tx, { id, window, change, ...(seen !== undefined && { seen }) })
    })
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(cancel, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    await transact(db, actorOf(reader), async (tx) => {
      const row = await tx.db
        .selectFrom('maintenance')
        .select(['author_id', 'service_ids', 'integration_id'])
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
      const window = found(row, 'maintenance window')
      if (window.author_id !== reader.person.id) await demandQuiet(tx, reader, window)
      await cancelMaintenance(tx, id)
    })
    return c.json({ ok: true as const }, 200)
  })
  readRoutes(app, deps)
}

async function demandChange(tx: Tx, reader: Reader, id: string): Promise<void> {
  const { rows } = await sql`
    select from ticket t where t.id = ${id} and t.kind = 'change' and ${ticketVisible(reader)}`.execute(tx.db)
  if (rows.length === 0)
    throw new DeskError('invalid', 'The window cannot be like this.', {
      errors: [{ path: 'change_id', message: 'no change that you may see' }],
    })
}
