import { z } from '@hono/zod-openapi'
import {
  actorOf,
  alertVisible,
  DeskError,
  found,
  type Reader,
  snoozeAlert,
  transact,
  type Tx,
  unsnoozeAlert,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, IdParams, Instant, json, route } from '../../route.ts'
import { readAlert } from './read.ts'
import { Alert } from './schema.ts'

const tags = ['Alerts']
const snooze = route('alert.work', {
  method: 'post',
  path: '/alerts/{id}/snooze',
  summary: 'Let it rest, until an instant or for some minutes; nobody is paged for it meanwhile',
  tags,
  request: {
    params: IdParams,
    body: body(
      z.strictObject({
        until: Instant.optional(),
        minutes: z.int().min(1).max(43_200).optional().openapi({ description: 'instead of `until`' }),
      }),
    ),
  },
  responses: { 200: json(Alert, 'The alert as it is now') },
})
const unsnooze = route('alert.work', {
  method: 'post',
  path: '/alerts/{id}/unsnooze',
  summary: 'End its rest: what still fires is taken up at once',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Alert, 'The alert as it is now') },
})

/** Refuses an alert that the reader may not see, as if it were not there. */
export async function demandVisible(tx: Tx, reader: Reader, id: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select a.id from alert a where a.id = ${id} and ${alertVisible(reader)}`.execute(tx.db)
  found(rows[0], 'alert')
}

function endOf({ now }: Tx, { until, minutes }: { until?: string; minutes?: number }): Date {
  if ((until === undefined) === (minutes === undefined))
    throw new DeskError('invalid', 'Say until when, or for how many minutes.', {
      errors: [{ path: 'until', message: 'give this or minutes' }],
    })
  return until === undefined ? new Date(now.getTime() + minutes! * 60_000) : new Date(until)
}

export const snoozeRoutes: Resource = (app, { db }) => {
  app.openapi(snooze, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    await transact(db, actorOf(reader), async (tx) => {
      await demandVisible(tx, reader, id)
      await snoozeAlert(tx, { id, until: endOf(tx, c.req.valid('json')) })
    })
    return c.json(await readAlert(db, reader, id), 200)
  })
  app.openapi(unsnooze, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    await transact(db, actorOf(reader), async (tx) => {
      await demandVisible(tx, reader, id)
      await unsnoozeAlert(tx, id)
    })
    return c.json(await readAlert(db, reader, id), 200)
  })
}
