import { createHash } from 'node:crypto'
import type { Db } from '@tocsin/db'
import { type Context, Hono } from 'hono'
import { sql } from 'kysely'
import type { Sender } from '../authenticate.ts'
import { askerOf, type Doorkeeper } from './asker.ts'
import { type Matcher, readMatchers, WrongMatcher } from './matchers.ts'
import { silencesDoor } from './silences.ts'

const RECEIVER = 'tocsin'
// More than this at once is no question that a person asks.
const MOST = 10_000

interface Row {
  dedup_key: string
  status: 'firing' | 'acknowledged' | 'suppressed'
  held: string | null
  held_window: string | null
  group_key: string
  labels: Record<string, string>
  annotations: Record<string, string>
  link: string | null
  starts_at: Date
  last_event_at: Date
  updated_at: Date
}

/**
 * Alertmanager's API v2 beside the sending of alerts, so that amtool and whatever else asks an Alertmanager works
 * unchanged. An integration sees its own alerts alone, and those that have resolved no more.
 */
export function alertmanagerDoor(db: Db, doorkeeper: Doorkeeper): Hono {
  const app = new Hono()
  const started = new Date()
  const asked =
    (reply: (c: Context, sender: Sender) => Response | Promise<Response>) =>
    async (c: Context): Promise<Response> => {
      const sender = await askerOf(doorkeeper, c, ['alertmanager', 'prometheus'])
      if (sender === 'unknown') return c.json('The key is missing, unknown or no longer valid.', 401)
      if (sender === 'limited') return c.json('Too many requests.', 503)
      try {
        return await reply(c, sender)
      } catch (error) {
        if (error instanceof WrongMatcher) return c.json(error.message, 400)
        throw error
      }
    }

  app.get(
    '/api/v2/status',
    asked((c) =>
      c.json({
        cluster: { name: RECEIVER, status: 'ready', peers: [] },
        versionInfo: {
          version: '0.25.0',
          revision: '',
          branch: '',
          buildUser: RECEIVER,
          buildDate: '',
          goVersion: '',
        },
        config: { original: `route:\n  receiver: ${RECEIVER}\nreceivers:\n- name: ${RECEIVER}\n` },
        uptime: started.toISOString(),
      }),
    ),
  )
  app.get(
    '/api/v2/receivers',
    asked((c) => c.json([{ name: RECEIVER }])),
  )
  app.get(
    '/api/v2/alerts',
    asked(async (c, sender) => c.json((await standing(db, sender, c)).map(gettable))),
  )
  app.get(
    '/api/v2/alerts/groups',
    asked(async (c, sender) => {
      const groups = Map.groupBy(await standing(db, sender, c), (row) => row.group_key)
      return c.json(
        [...groups.values()].map((rows) => ({
          labels: shared(rows),
          receiver: { name: RECEIVER },
          alerts: rows.map(gettable),
        })),
      )
    }),
  )
  app.route('/', silencesDoor(db, asked))
  return app
}

/** The integration's alerts as the question wants them: by state and by matchers over their labels. */
async function standing(db: Db, { integrationId }: Sender, c: Context): Promise<Row[]> {
  const matchers: Matcher[] = readMatchers(c.req.queries('filter') ?? [])
  const receiver = c.req.query('receiver')
  if (receiver !== undefined && !readMatchers([`receiver=~"${receiver}"`])[0]!({ receiver: RECEIVER }))
    return []
  const wants = (name: string) => c.req.query(name) !== 'false'
  const states = [wants('active') && ['firing', 'acknowledged'], wants('silenced') && 'suppressed'].filter(
    Boolean,
  )
  const { rows } = await sql<Row>`
    select dedup_key, status, held, held_window, group_key, labels, annotations, link, starts_at, last_event_at, updated_at
    from alert where integration_id = ${integrationId} and status = any(${states.flat()}::text[])
    order by starts_at, id limit ${MOST}`.execute(db)
  return rows.filter((row) => matchers.every((fits) => fits(row.labels)))
}

const FORGOTTEN_MS = 300_000

const gettable = (row: Row) => ({
  annotations: row.annotations,
  // When Alertmanager would forget it, were it not sent again.
  endsAt: new Date(row.last_event_at.getTime() + FORGOTTEN_MS).toISOString(),
  fingerprint: fingerprintOf(row.dedup_key),
  receivers: [{ name: RECEIVER }],
  startsAt: row.starts_at.toISOString(),
  status: {
    inhibitedBy: [],
    silencedBy: row.status === 'suppressed' ? [row.held_window ?? row.held ?? 'maintenance'] : [],
    state: row.status === 'suppressed' ? 'suppressed' : 'active',
  },
  updatedAt: row.updated_at.toISOString(),
  generatorURL: row.link ?? '',
  labels: row.labels,
})

/** The sender's own, where it sends one; else one that stays the same as long as the alert. */
const fingerprintOf = (key: string): string =>
  /^[0-9a-f]{16}$/.test(key) ? key : createHash('sha256').update(key).digest('hex').slice(0, 16)

/** What the alerts of a group have in common. */
function shared(rows: Row[]): Record<string, string> {
  const [first, ...rest] = rows
  return Object.fromEntries(
    Object.entries(first?.labels ?? {}).filter(([name, value]) =>
      rest.every((row) => row.labels[name] === value),
    ),
  )
}
