import { gzipSync } from 'node:zlib'
import {
  createDefaultSla,
  placeActivity,
  readNotices,
  stageImport,
  sweepImports,
  sweepRecomputations,
  sweepUploads,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  database,
  setClockOffset,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

/** A file of another desk becomes history here: once, whole, and with what cannot be read handed back. */

let record: TestDatabase
let api: TestApi
let admin: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
})
afterAll(() => record.drop())

interface Answer {
  status: number
  body: {
    id: string
    state: string
    suggested: string | null
    refused_rows: number
    mapping: { rows: string }
    report: {
      tickets: number
      refused: number
      already: number
      unknown: unknown[]
      new_names: Record<string, number>
    }
    errors?: { path: string; message: string }[]
    items: { line: number; field: string; value: string; message: string }[]
  }
}

async function upload(file: string | Buffer, name = 'tickets.csv'): Promise<Answer> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(Buffer.from(file))]), name)
  const request = new Request('http://127.0.0.1:3000/api/v1/imports', {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.key}` },
    body: form,
  })
  const response = await api.app.request(request)
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}
async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await api.call(admin.key, method, `/api/v1/imports/${path}`, body)
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}
const work = async () => {
  while ((await sweepImports(record.db)) > 0);
}
async function bringIn(file: string, mapping: Record<string, unknown>): Promise<Answer> {
  const { body } = await upload(file)
  expect((await ask('PUT', `${body.id}/mapping`, mapping)).body.errors).toBeUndefined()
  await ask('POST', `${body.id}/check`)
  await work()
  expect((await ask('POST', `${body.id}/start`)).status).toBe(200)
  await work()
  return ask('GET', body.id)
}

const plain = {
  source: 'plain',
  number: 'id',
  title: 'title',
  created_at: 'opened',
  at: 'updated',
  state: { from: 'state', values: { open: { state: 'new' }, done: { state: 'closed' } } },
  resolved_at: 'ended',
  closed_at: 'ended',
  requester: 'who',
  team: 'team',
  sla: { resolution: { from: 'in_time', values: { yes: 'met', no: 'breached' } } },
}
const head = 'id,title,opened,updated,state,ended,who,team,in_time'

describe('an import', () => {
  it('is tried on the whole file first: what would be created, what is not known, what is handed back', async () => {
    const file = `${head}
1,Printer,2024-01-01 10:00,2024-01-02 10:00,done,2024-01-02 09:00,Anna <anna@a.example>,Field,yes
2,Screen,31/12/2024 10:00,2024-01-02 10:00,open,,bob,Field,
3,Mouse,2024-01-03 10:00,2024-01-04 10:00,odd,,bob,,maybe
,Nobody,2024-01-03 10:00,2024-01-04 10:00,open,,,,
4,Short,2024-01-03 10:00
`
    const { status, body } = await upload(file)
    expect(status).toBe(201)
    await ask('PUT', `${body.id}/mapping`, plain)
    expect((await ask('POST', `${body.id}/start`)).status).toBe(409) // not before it was checked
    await ask('POST', `${body.id}/check`)
    await work()
    const checked = (await ask('GET', body.id)).body
    expect(checked).toMatchObject({ state: 'checked', refused_rows: 3, mapping: { rows: 'ticket' } })
    expect(checked.report).toMatchObject({
      tickets: 2,
      refused: 1,
      unknown: [
        { field: 'state', value: 'odd', count: 1 },
        { field: 'sla.resolution', value: 'maybe', count: 1 },
      ],
      new_names: { person: 2, team: 1 },
    })
    expect((await ask('GET', `${body.id}/refused`)).body.items).toEqual([
      expect.objectContaining({ line: 3, field: 'created_at', value: '31/12/2024 10:00' }),
      expect.objectContaining({ line: 5, field: 'number', message: 'is missing' }),
      expect.objectContaining({ line: 6, message: 'has 3 cells, and the header has 9' }),
    ])
    const { rows } = await sql<{ tickets: number; people: number }>`
      select (select count(*) from ticket) as tickets, (select count(*) from person where name = 'bob') as people`.execute(
      record.db,
    )
    expect(rows[0]).toEqual({ tickets: 0, people: 0 })
    await ask('POST', `${body.id}/cancel`)
  })

  it('brings the good rows, says why it refuses the others, and brings those once they are mended', async () => {
    const good =
      '10,Printer,2024-01-01 10:00,2024-01-02 10:00,done,2024-01-02 09:00,Anna <anna@a.example>,Field,no'
    const bad = '11,Screen,soon,2024-01-02 10:00,open,,anna@a.example,field,'
    const first = await bringIn([head, good, bad].join('\n'), plain)
    expect(first.body).toMatchObject({ state: 'done', refused_rows: 1, report: { tickets: 1, refused: 1 } })
    const csv = await api.call(admin.key, 'GET', `/api/v1/imports/${first.body.id}/refused?format=csv`)
    const lines = (await csv.text()).replace('\uFEFF', '').trim().split('\n')
    expect(lines[0]).toBe(`${head},refused_because`)
    expect(lines[1]).toContain('created_at “soon” is not a date of the forms given')

    const mended = bad.replace('soon', '2024-01-01 11:00')
    const second = await bringIn([head, good, mended].join('\n'), plain)
    expect(second.body).toMatchObject({ refused_rows: 0, report: { tickets: 1, already: 1, refused: 0 } })
    const { rows } = await sql<{ key: string; state: string; requester: string; team: string }>`
      select t.external_id as key, t.state, p.email as requester, m.name as team from ticket t
      join person p on p.id = t.requester_id join team m on m.id = t.team_id where t.source = 'plain' order by 1`.execute(
      record.db,
    )
    // One Anna, one team: a name means the same in whatever form it stands.
    expect(rows).toEqual([
      { key: '10', state: 'closed', requester: 'anna@a.example', team: 'Field' },
      { key: '11', state: 'new', requester: 'anna@a.example', team: 'Field' },
    ])
  })

  it('leaves what another desk measured as it was', async () => {
    const { rows } = await sql<{ id: string; imported: boolean; state: string; policy: string | null }>`
      select t.id, c.imported, c.state, c.policy_version_id as policy from ticket t
      join sla_clock c on c.ticket_id = t.id where t.source = 'plain' and t.external_id = '10'`.execute(
      record.db,
    )
    expect(rows).toEqual([expect.objectContaining({ imported: true, state: 'breached', policy: null })])
    const { rows: tickets } = await sql<{ number: string }>`
      select number from ticket where id = ${rows[0]!.id}`.execute(record.db)
    const shown = async (path: string) => (await api.call(admin.key, 'GET', `/api/v1/tickets/${path}`)).json()
    // Shown as an outcome, without figures that nobody here has counted.
    const outcome = { target: 'resolution', state: 'breached', imported: true, due_at: null }
    const figures = { target_ms: null, elapsed_ms: null, remaining_ms: null }
    const line = { ...outcome, ...figures, team: null, breached_at: '2024-01-02T09:00:00.000Z' }
    expect(await shown(tickets[0]!.number)).toMatchObject({ sla: [line] })
    expect(await shown(`${tickets[0]!.number}/sla`)).toMatchObject({
      items: [{ ...line, policy: null, calendar: null, segments: [], marks: [], why: null }],
    })
  })

  it('promises what is still open something here', async () => {
    await transact(record.db, SYSTEM, (tx) => createDefaultSla(tx))
    const { body } = await bringIn(`${head}\no1,Open,2024-01-01 10:00,2024-01-02 10:00,open,,,,`, {
      ...plain,
      source: 'open',
    })
    expect(body.report.tickets).toBe(1)
    while ((await sweepRecomputations(record.db)) > 0);
    const { rows } = await sql<{ source: string; targets: string[] }>`
      select t.source, array_agg(c.target order by c.target) as targets from ticket t
      join sla_clock c on c.ticket_id = t.id where not c.imported group by 1 order by 1`.execute(record.db)
    // Ticket 11 of the import before is open too; what has ended there is promised nothing.
    const targets = ['resolution', 'response']
    expect(rows).toEqual([
      { source: 'open', targets },
      { source: 'plain', targets },
    ])
  })

  it('tells nobody of the past, and wakes nobody', async () => {
    // Of the last hours, because what is older is news to nobody anyway.
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString()
    const ended = `n1,New,${ago(3)},${ago(1)},done,${ago(1)},anna@a.example,Field,yes`
    expect(
      (await bringIn([head, ended].join('\n'), { ...plain, source: 'recent' })).body.report.tickets,
    ).toBe(1)
    while ((await placeActivity(record.db)) > 0);
    while ((await readNotices(record.db)) > 0);
    const { rows } = await sql<{ notices: number; pages: number; escalations: number }>`
      select (select count(*) from notice) as notices, (select count(*) from page) as pages,
             (select count(*) from escalation) as escalations`.execute(record.db)
    expect(rows[0]).toEqual({ notices: 0, pages: 0, escalations: 0 })
  })

  it('is worked by several engines at once, and nothing twice', async () => {
    const rows = Array.from(
      { length: 1_500 },
      (_, n) =>
        `r${n},Ticket ${n},2024-01-01 10:00,2024-01-02 10:00,done,2024-01-02 09:00,person ${n % 40},Team ${n % 7},yes`,
    )
    const { body } = await upload(gzipSync([head, ...rows].join('\r\n')), 'many.csv.gz')
    await ask('PUT', `${body.id}/mapping`, { ...plain, source: 'many' })
    await ask('POST', `${body.id}/check`)
    await Promise.all([work(), work(), work()])
    await ask('POST', `${body.id}/start`)
    await Promise.all([work(), work(), work()])
    await work()
    expect((await ask('GET', body.id)).body).toMatchObject({
      state: 'done',
      report: { tickets: 1_500, already: 0 },
    })
    const { rows: counted } = await sql<Record<string, number>>`
      select count(*) as tickets, count(distinct external_id) as keys, count(distinct requester_id) as people,
             count(distinct team_id) as teams from ticket where source = 'many'`.execute(record.db)
    expect(counted[0]).toEqual({ tickets: 1_500, keys: 1_500, people: 40, teams: 7 })
    const { rows: lines } = await sql<{ n: number }>`
      select count(*) as n from activity where verb = 'open' and cause ->> 'id' = ${body.id}`.execute(
      record.db,
    )
    expect(lines[0]!.n).toBe(1_500)
  })

  it('is ended at once, and the batch that is under way then is taken back', async () => {
    const { body } = await upload(`${head}\ne1,a,2024-01-01 10:00,2024-01-02 10:00,open,,eve,,`)
    await ask('PUT', `${body.id}/mapping`, { ...plain, source: 'ended' })
    await ask('POST', `${body.id}/check`)
    await work()
    await ask('POST', `${body.id}/start`)
    const holding = new Client({ connectionString: record.ownerUrl })
    await holding.connect()
    await holding.query('begin; lock table ticket_state in share mode')
    const batch = sweepImports(record.db)
    await until(async () => {
      const { rows } = await sql`
        select from pg_locks where relation = 'ticket_state'::regclass and not granted`.execute(record.db)
      return rows.length > 0
    })
    expect((await ask('POST', `${body.id}/cancel`)).body).toMatchObject({ state: 'cancelled' })
    await holding.end()
    expect(await batch).toBe(0)
    await work()
    expect((await ask('GET', body.id)).body).toMatchObject({ state: 'cancelled', report: { tickets: 0 } })
    const { rows } = await sql<{ tickets: number; people: number }>`
      select (select count(*) from ticket where source = 'ended') as tickets,
        (select count(*) from person where name = 'eve') as people`.execute(record.db)
    expect(rows[0]).toEqual({ tickets: 0, people: 0 })
  })

  it('tells of each dry run anew whom it would create', async () => {
    const { body } = await upload(`${head}\nn1,a,2024-01-01 10:00,2024-01-02 10:00,open,,nora,Night,`)
    for (const source of ['first', 'second']) {
      await ask('PUT', `${body.id}/mapping`, { ...plain, source })
      await ask('POST', `${body.id}/check`)
      await work()
      expect((await ask('GET', body.id)).body.report.new_names).toEqual({ person: 1, team: 1 })
    }
    await ask('POST', `${body.id}/cancel`)
  })

  it('gives up an upload that stands still for an hour, and leaves nothing of it', async () => {
    async function* slowly() {
      yield Buffer.from(`id,title\n${`1,${'a'.repeat(130)}\n`.repeat(2_100)}`)
      await setClockOffset(record.ownerUrl, '61 minutes')
      while ((await sweepUploads(record.db)) > 0);
      yield Buffer.from('2,b\n'.repeat(3_000))
    }
    try {
      await expect(
        stageImport(record.db, SYSTEM, { name: 'slow.csv', bytes: slowly() }),
      ).rejects.toMatchObject({ code: 'conflict' })
      const { rows } = await sql`select from import where columns = '{}'`.execute(record.db)
      expect(rows).toEqual([])
    } finally {
      await setClockOffset(record.ownerUrl, '0')
    }
  })

  it('reads a Jira export as it comes, with its comments', async () => {
    const file = `Issue key,Issue Type,Status,Priority,Summary,Assignee,Reporter,Created,Updated,Resolved,Resolution,Comment,Comment
ITSM-1,[System] Incident,Done,Highest,VPN down,Lea,max@j.example,12/Mar/24 9:05 AM,13/Mar/24 10:00 AM,12/Mar/24 1:05 PM,Fixed,12/Mar/24 10:00 AM;Lea;On it,"13/Mar/24 9:00 AM;max@j.example;Thanks; it works"
ITSM-2,[System] Service request,Waiting for customer,Low,"New ""screen""",,max@j.example,12/Mar/24 9:05 AM,14/Mar/24 10:00 AM,,,,
`
    const { body } = await upload(file, 'jira.csv')
    const { body: given } = await ask('GET', body.id)
    expect(given.suggested).toBe('jira')
    const ready = await ask('GET', 'mappings')
    const { mapping } = (ready.body.items as unknown as { name: string; mapping: object }[]).find(
      ({ name }) => name === 'jira',
    )!
    const done = await bringIn(file, { ...mapping, zone: 'Europe/Rome' })
    expect(done.body.report).toMatchObject({ tickets: 2, refused: 0, unknown: [] })
    const { rows } = await sql<Record<string, unknown>>`
      select t.external_id as key, t.kind, t.state, t.pending_reason as reason, t.priority, t.created_at as created,
        t.resolved_at as resolved, (select array_agg(body order by created_at) from message m where m.ticket_id = t.id) as said
      from ticket t where t.source = 'jira' order by 1`.execute(record.db)
    expect(rows).toEqual([
      {
        key: 'ITSM-1',
        kind: 'incident',
        state: 'closed',
        reason: null,
        priority: 'P1',
        created: new Date('2024-03-12T08:05:00Z'),
        resolved: new Date('2024-03-12T12:05:00Z'),
        said: ['On it', 'Thanks; it works'],
      },
      expect.objectContaining({
        key: 'ITSM-2',
        kind: 'request',
        state: 'pending',
        reason: 'requester',
        priority: 'P4',
        said: null,
      }),
    ])
  })

  it.each<[string, string | Buffer, string]>([
    ['an empty file', '', 'is empty'],
    ['a header alone', head, 'has a header and no row'],
    ['one column', 'a\nb\n', 'has a single column'],
    [
      'bytes that are no text',
      Buffer.from(Array.from({ length: 400 }, (_, n) => (n * 7) % 256)),
      'is not text',
    ],
    ['half a gzip', gzipSync('a,b\n1,2\n'.repeat(5_000)).subarray(0, 60), 'is not whole'],
  ])('refuses %s in words', async (_name, file, message) => {
    const { status, body } = await upload(file)
    expect([status, body.errors?.[0]?.path]).toEqual([422, 'file'])
    expect(body.errors![0]!.message).toContain(message)
    const { rows } = await sql<{ n: number }>`select count(*) as n from import where columns = '{}'`.execute(
      record.db,
    )
    expect(rows[0]!.n).toBe(0)
  })

  it('refuses a mapping that does not fit the file, field by field', async () => {
    const { body } = await upload(`${head}\n1,a,b,c,d,e,f,g,h`)
    const wrong = await ask('PUT', `${body.id}/mapping`, {
      ...plain,
      number: 'nr',
      created_at: 'born',
      dates: ['HH:mm'],
    })
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors!.map(({ path }) => path)).toEqual(['number', 'created_at', 'dates.0'])
    const unknown = await ask('PUT', `${body.id}/mapping`, { ...plain, zone: 'Mars/Olympus', nonsense: 1 })
    expect([unknown.status, unknown.body.errors!.map(({ path }) => path)]).toEqual([
      400,
      ['zone', 'nonsense'],
    ])
  })

  it('hands hostile cells back inert, and keeps them as text', async () => {
    const hostile = `=cmd|' /C calc'!A0`
    const file = `${head}\n"${hostile}","<img src=x onerror=alert(1)>",never,2024-01-02 10:00,open,,,,\nh2,"<script>alert(1)</script>\u0000",2024-01-01,2024-01-02 10:00,open,,,,`
    const { body } = await bringIn(file, { ...plain, source: 'hostile' })
    expect(body.report).toMatchObject({ tickets: 1, refused: 1 })
    const csv = await (
      await api.call(admin.key, 'GET', `/api/v1/imports/${body.id}/refused?format=csv`)
    ).text()
    expect(csv).toContain("'=cmd|")
    expect(csv).not.toMatch(/(^|,|\n)=cmd/)
    const { rows } = await sql<{ title: string }>`select title from ticket where source = 'hostile'`.execute(
      record.db,
    )
    expect(rows[0]!.title).toBe('<script>alert(1)</script>\uFFFD')
  })
})
