import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seedDemo } from '@tocsin/db/demo'
import { createLog } from '@tocsin/db/process/log'
import {
  addWorking,
  decideClock,
  hashPassword,
  mintKey,
  placeActivity,
  sweepMarks,
  sweepRecoveries,
  sweepSteps,
  SYSTEMS,
  whoIsOn,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, type TestDatabase, testApi } from '../harness/index.ts'

interface DemoFile {
  app: string
  ingest: string
  people: { role: string; email: string; password: string }[]
  apiKey: string
  integrations: Record<string, string>
}

let base: TestDatabase
let folder: string
let demo: DemoFile

beforeAll(async () => {
  base = await database()
  folder = await mkdtemp(join(tmpdir(), 'tocsin-test-demo-'))
  await seedDemo({
    ownerUrl: base.ownerUrl,
    dataFolder: folder,
    appUrl: 'http://127.0.0.1:3000',
    ingestUrl: 'http://127.0.0.1:3001',
    systems: SYSTEMS,
    rules: { addWorking, decideClock, whoIsOn, hashPassword, mintKey: () => mintKey('toc') },
    log: createLog('test', 'silent'),
  })
  demo = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')) as DemoFile
}, 180_000)

afterAll(async () => {
  await base.drop()
  await rm(folder, { recursive: true, force: true })
})

/** The first rows that contradict something: there should be none. */
async function contradictions(statement: string): Promise<unknown[]> {
  const { rows } = await sql.raw(`${statement} limit 5`).execute(base.db)
  return rows
}

describe('the demo organisation', () => {
  it('is as large and as much alive as it should be', async () => {
    const { rows } = await sql<Record<string, number>>`
      select count(*) as tickets, count(*) filter (where state in ('new', 'in_progress', 'pending')) as open,
             count(distinct priority) as priorities, max(created_at) <= tocsin_now() as past,
             min(created_at) < tocsin_now() - interval '23 months' as long
      from ticket`.execute(base.db)
    expect(rows[0]).toMatchObject({ priorities: 5, past: true, long: true })
    expect(rows[0]!.tickets).toBeGreaterThan(18_000)
    expect(rows[0]!.open).toBeGreaterThan(90)
    const { rows: happening } = await sql<{ number: string }>`
      select t.number from ticket t join page p on p.ticket_id = t.id
      where t.priority = 'P1' and t.state = 'in_progress' and p.state = 'acknowledged'`.execute(base.db)
    expect(happening.length).toBeGreaterThan(0)
  })

  it('refers to nothing that is not there', async () => {
    const { rows: keys } = await sql<{ child: string; columns: string; parent: string; keys: string }>`
      select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent,
             (select string_agg('c.' || quote_ident(attname), ',' order by n) from unnest(c.conkey) with ordinality k(num, n)
              join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num) as columns,
             (select string_agg('p.' || quote_ident(attname), ',' order by n) from unnest(c.confkey) with ordinality k(num, n)
              join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num) as keys
      from pg_constraint c where contype = 'f'`.execute(base.db)
    expect(keys.length).toBeGreaterThan(60)
    for (const { child, columns, parent, keys: key } of keys)
      expect(
        await contradictions(`select '${child}' as orphan, ${columns} from ${child} c
        where row(${columns}) is not null and not exists (select from ${parent} p where (${key}) = (${columns}))`),
      ).toEqual([])
  })

  it('has tickets that agree with their history, their timeline and their clocks', async () => {
    expect(
      await contradictions(`select number from ticket t join lateral
      (select * from ticket_state s where s.ticket_id = t.id order by revision desc limit 1) s on true
      where (t.state, t.status_id, t.priority, t.pending_reason, t.team_id, t.assignee_id)
        is distinct from (s.state, s.status_id, s.priority, s.pending_reason, s.team_id, s.assignee_id)`),
    ).toEqual([])
    expect(
      await contradictions(
        `select number from ticket t where revision <> (select count(*) from activity a where a.ticket_id = t.id)`,
      ),
    ).toEqual([])
    expect(
      await contradictions(`select ticket_id from (select ticket_id, revision, at, lag(at) over (partition by ticket_id order by revision) as before
      from activity where ticket_id is not null) a where at < before`),
    ).toEqual([])
    expect(
      await contradictions(`select number from ticket t where due_at is distinct from
      (select min(due_at) from sla_clock c where c.ticket_id = t.id and stopped_at is null)`),
    ).toEqual([])
    expect(
      await contradictions(
        `select number from ticket t where (select count(*) from sla_clock c where c.ticket_id = t.id)
          <> case when kind in ('incident', 'request') then 2 else 0 end`,
      ),
    ).toEqual([])
    expect(
      await contradictions(`select number from ticket where state in ('resolved', 'closed') and (resolved_at is null) <> (kind = 'change')
      or resolved_at < created_at or acknowledged_at < created_at or closed_at < resolved_at`),
    ).toEqual([])
    expect(
      await contradictions(`select ticket_id from sla_clock c where breached_at is not null and not exists
      (select from activity a where a.ticket_id = c.ticket_id and a.verb = 'breach' and a.after ->> 'target' = c.target)`),
    ).toEqual([])
  })

  it('balances its accounting, and alerts agree with their incidents', async () => {
    expect(
      await contradictions(`select integration_id from tally group by integration_id
      having sum(count) filter (where bucket = 'received') <> sum(count) filter (where bucket <> 'received')`),
    ).toEqual([])
    expect(
      await contradictions(`select a.id from alert a join ticket t on t.id = a.ticket_id
      where a.status = 'firing' and t.state in ('resolved', 'closed')`),
    ).toEqual([])
    expect(
      await contradictions(
        `select id from alert a where episode <> (select max(episode) from alert_link l where l.alert_id = a.id)`,
      ),
    ).toEqual([])
  })

  it('keeps its promises most of the time, and breaks some', async () => {
    const { rows } = await sql<{ target: string; met: number; n: number }>`
      select target, count(*) filter (where state = 'met')::float / count(*) as met, count(*) as n
      from sla_clock where state in ('met', 'breached') group by target`.execute(base.db)
    for (const { met } of rows) {
      expect(met).toBeGreaterThan(0.85)
      expect(met).toBeLessThan(0.98)
    }
  })

  it('leaves the engine nothing of the past to do', async () => {
    expect(await placeActivity(base.db)).toBe(0)
    expect(await sweepMarks(base.db)).toBe(0)
    expect(await sweepSteps(base.db)).toBe(0)
    expect(await sweepRecoveries(base.db)).toBe(0)
    expect(await contradictions(`select id from delivery where state in ('waiting', 'leased')`)).toEqual([])
    expect(
      await contradictions(`select place from (select place, lag(place) over (order by place) as before from activity_place) p
      where place <> before + 1`),
    ).toEqual([])
  })

  it('lets a replay find the configuration it was set up with', async () => {
    const { rows } = await sql<{ source: string; kept: number }>`
      select source, count(*)::int as kept from configuration_history where before is null group by source`.execute(
      base.db,
    )
    const kept = new Map(rows.map((row) => [row.source, row.kept]))
    for (const source of ['service', 'escalation_policy', 'person', 'role_grant', 'integration'] as const) {
      const { rows: held } = await sql<{
        count: number
      }>`select count(*)::int from ${sql.table(source)}`.execute(base.db)
      expect([source, kept.get(source)]).toEqual([source, held[0]!.count])
    }
  })

  it('leaves the schema as it was', async () => {
    const indexes = async (db: TestDatabase) =>
      (await sql<{ made: string }>`select indexdef as made from pg_indexes order by indexname`.execute(db.db))
        .rows
    const fresh = await database()
    try {
      expect(await indexes(base)).toEqual(await indexes(fresh))
    } finally {
      await fresh.drop()
    }
  })

  it('opens its doors with what demo.json says, to its owner only', async () => {
    expect((await stat(join(folder, 'demo.json'))).mode & 0o777).toBe(0o600)
    expect(demo.people.map(({ role }) => role)).toEqual([
      'employee',
      'agent',
      'on_call',
      'manager',
      'administrator',
    ])
    expect(Object.keys(demo.integrations)).toEqual(Object.keys(SYSTEMS))
    const api = testApi(base.db)
    const me = await api.call(demo.apiKey, 'GET', '/api/v1/me')
    expect(me.status).toBe(200)
    for (const { email, password } of demo.people) {
      const signedIn = await api.call(
        undefined,
        'POST',
        '/api/auth/sign-in/email',
        { email, password },
        {
          origin: 'http://127.0.0.1:3000',
        },
      )
      expect({ email, status: signedIn.status }).toEqual({ email, status: 200 })
    }
  })
})
