import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Db } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import {
  NO_RULES,
  publishRuleset,
  readNow,
  replay,
  type Rule,
  sweepCheckpoints,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { pino } from 'pino'
import { anIntegration, drain, testDoor } from '../harness/door.ts'
import { tell } from './figures.ts'

// A period of many repeats and some openings and ends, as monitoring sends, once more by twenty rules.
const RULES = 20
const EVENTS = 300_000
const KEYS = 5_000
const A_BODY = 200
const LEAST = 50_000

const rule = (index: number): Rule => ({
  id: randomUUID(),
  name: `Rule ${index}`,
  enabled: true,
  when: `labels.team == "team-${index}" && severity in ["critical", "error"] && !title.startsWith("Test")`,
  group_by: ['labels.cluster', 'labels.alertname'],
  window_minutes: 60,
  opens: 'incident',
  confirm: false,
  impact: null,
  urgency: null,
  service_id: null,
  team_id: null,
  escalation_policy_id: null,
  resolve_on: 'all',
  patience: null,
})

/** One in fifty ends what fires. */
const event = (at: number) => ({
  kind: at % 50 === 49 ? 'resolve' : 'trigger',
  dedup_key: `alert-${(at * 7) % KEYS}`,
  title: `Check ${at % 40} fails`,
  severity: 'error',
  host: `node-${(at * 7) % KEYS}`,
  labels: {
    team: `team-${((at * 7) % KEYS) % (RULES * 2)}`,
    cluster: `c${at % 100}`,
    alertname: `Check${at % 40}`,
  },
})

async function live(db: Db, url: string): Promise<void> {
  const door = await testDoor(url)
  try {
    const { key } = await anIntegration(db)
    for (let at = 0; at < EVENTS; at += A_BODY) {
      const events = Array.from({ length: A_BODY }, (_, index) => event(at + index))
      const answer = await door.send(`/v1/events/${key}`, { events })
      if (!answer.ok) throw new Error(`the door answered ${answer.status}`)
      if ((at / A_BODY) % 100 === 99) await drain(db)
    }
    await drain(db)
  } finally {
    await door.close()
  }
}

export async function benchReplay(): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  const log = pino({ level: 'silent' })
  const server = await startEmbeddedPostgres({ dir, log })
  await migrate(server.ownerUrl, { log, serviceUrl: server.url })
  const db = connect(server.url, { max: 6 })
  try {
    const rules = Array.from({ length: RULES }, (_, index) => rule(index))
    await transact(db, SYSTEM, (tx) =>
      publishRuleset(tx, { base: NO_RULES.version, rules, beside: NO_RULES.beside }),
    )
    await sweepCheckpoints(db)
    const from = await readNow(db)
    await live(db, server.url)
    const to = await readNow(db)
    const timed = async (tried: Rule[] | null) => {
      const started = performance.now()
      const cpu = process.cpuUsage()
      const done = await replay(db, {
        from,
        to,
        rules: tried && { rules: tried, beside: NO_RULES.beside },
      })
      const { user, system } = process.cpuUsage(cpu)
      const ms = performance.now() - started
      const perSecond = Math.round((done!.events / ms) * 1_000)
      const exact = done!.record.exact ? 'history reproduced exactly' : 'HISTORY NOT REPRODUCED'
      return {
        perSecond,
        setting: `${RULES} rules; ${exact}; ${Math.round((user + system) / ms / 10)} % of a core here, the rest Postgres`,
        exact: done!.record.exact,
      }
    }
    const alone = await timed(null)
    const beside = await timed(rules.toReversed())
    const figures = [
      tell(
        { figure: 'replayed by one rule set', measured: alone.perSecond, unit: '/s', least: LEAST },
        alone.setting,
      ),
      tell(
        {
          figure: 'replayed by a draft, beside the rules then in force',
          measured: beside.perSecond,
          unit: '/s',
          least: LEAST,
        },
        beside.setting,
      ),
    ]
    return alone.exact && figures.every(Boolean)
  } finally {
    await db.destroy()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

if (import.meta.main) process.exitCode = (await benchReplay()) ? 0 : 1
