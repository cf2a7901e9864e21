import { z } from '@hono/zod-openapi'
import { actorOf, readSettings, setPriority, setSettings, setSeverity, transact } from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { body, Empty, json, route } from '../route.ts'
import { Impact, Priority } from './tickets/schema.ts'

const Severity = z.enum(['critical', 'error', 'warning', 'info', 'ok'])
const Cell = z.strictObject({ impact: Impact, urgency: Impact, priority: Priority })
const Mapping = z.strictObject({ severity: Severity, impact: Impact, urgency: Impact })
const Settings = z
  .object({
    reporting_zone: z.string(),
    close_after_days: z.number(),
    recovery_hold_ms: z.number(),
    problem_quiet_days: z.number(),
    review_before_close: z.boolean(),
    keep_requests_days: z.number().openapi({ description: '7 to 3,650; 0: for ever' }),
    keep_events_days: z.number().openapi({ description: '7 to 3,650; 0: for ever' }),
    keep_decisions_days: z.number().openapi({ description: 'how far back can be replayed; 0: for ever' }),
    keep_automation_days: z.number().openapi({ description: 'what rules acted on; 0: for ever' }),
  })
  .openapi('Settings')

const tags = ['Settings']
const get = route('calendar.read', {
  method: 'get',
  path: '/settings',
  summary: 'Settings, the priority table and the severity table',
  tags,
  request: {},
  responses: {
    200: json(
      z.object({ settings: Settings, priorities: z.array(Cell), severities: z.array(Mapping) }),
      'As they stand',
    ),
  },
})
const set = route('setting.edit', {
  method: 'patch',
  path: '/settings',
  summary: 'Change settings',
  tags,
  request: { body: body(z.strictObject(Settings.partial().shape)) },
  responses: { 200: json(Empty, 'Changed') },
})
const priority = route('setting.edit', {
  method: 'put',
  path: '/settings/priorities',
  summary: 'Set what an impact and an urgency make',
  tags,
  request: { body: body(Cell) },
  responses: { 200: json(Empty, 'Changed') },
})
const severity = route('setting.edit', {
  method: 'put',
  path: '/settings/severities',
  summary: 'Set the impact and urgency of a severity',
  tags,
  request: { body: body(Mapping) },
  responses: { 200: json(Empty, 'Changed') },
})

export const settingRoutes: Resource = (app, { db }) => {
  app.openapi(get, async (c) => {
    const [settings, priorities, severities] = await Promise.all([
      readSettings(db),
      db.selectFrom('priority_matrix').selectAll().execute(),
      db.selectFrom('severity_mapping').selectAll().execute(),
    ])
    return c.json({ settings, priorities, severities }, 200)
  })
  app.openapi(set, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) => setSettings(tx, c.req.valid('json')))
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(priority, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) => setPriority(tx, c.req.valid('json')))
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(severity, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) => setSeverity(tx, c.req.valid('json')))
    return c.json({ ok: true as const }, 200)
  })
}
