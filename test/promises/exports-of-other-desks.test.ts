import { sweepImports } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

/** Exports as other desks and spreadsheets write them come in by what the file itself shows. */

let record: TestDatabase
let api: TestApi
let admin: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
})
afterAll(() => record.drop())

interface Import {
  id: string
  state: string
  suggested: string | null
  guess: Record<string, unknown> | null
  mapping: { rows: string; order: string }
  form: { encoding: string; delimiter: string; header: boolean }
  refused_rows: number
  report: {
    tickets: number
    refused: number
    already: number
    unknown: { field: string; value: string }[]
    dates: { patterns: string[]; question: object | null }
    samples: { external_id: string; title: string; story: { verb: string }[] }[]
  }
}

const ask = async (method: string, path: string, body?: unknown) =>
  (await api.call(admin.key, method, `/api/v1/imports/${path}`, body)).json() as Promise<Import>

async function upload(file: string | Buffer, query = ''): Promise<Import> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(Buffer.from(file))]), 'export.csv')
  const request = new Request(`http://127.0.0.1:3000/api/v1/imports${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.key}` },
    body: form,
  })
  const { id } = (await (await api.app.request(request)).json()) as { id: string }
  return ask('GET', id)
}
const work = async () => {
  while ((await sweepImports(record.db)) > 0);
}
async function bringIn(file: string | Buffer, source: string, mapping: Record<string, unknown> = {}) {
  const given = await upload(file)
  await ask('PUT', `${given.id}/mapping`, { ...given.guess, source, ...mapping })
  await ask('POST', `${given.id}/check`)
  await work()
  const checked = await ask('GET', given.id)
  await ask('POST', `${given.id}/start`)
  await work()
  return { given, checked, done: await ask('GET', given.id) }
}
async function ticketsOf(source: string) {
  const { rows } = await sql<Record<string, unknown>>`
    select t.external_id as key, t.kind, t.state, t.pending_reason as reason, t.priority, t.title, t.description,
      t.created_at as created, t.resolved_at as resolved, t.closed_at as closed, t.reopen_count as reopened,
      m.name as team, a.name as assignee, r.name as requester, r.email, t.fields,
      (select array_agg(g.name order by g.name) from ticket_tag x join tag g on g.id = x.tag_id where x.ticket_id = t.id) as tags,
      (select array_agg(n.body order by n.created_at) from message n where n.ticket_id = t.id) as said,
      (select array_agg(l.verb order by l.revision) from activity l where l.ticket_id = t.id) as verbs
    from ticket t left join team m on m.id = t.team_id left join person a on a.id = t.assignee_id
    left join person r on r.id = t.requester_id where t.source = ${source} order by t.external_id`.execute(
    record.db,
  )
  return rows
}

describe('an export', () => {
  it('of a French ServiceNow in Windows-1252, its states and dates as they are written there', async () => {
    const file = Buffer.from(
      [
        "Numéro;Brève description;Appelant;Priorité;État;Groupe d'affectation;Ouvert;Mis à jour;Résolu;Fermé",
        "INC1;L'écran est noir;Éloïse;2 - Élevée;En attente;Réseau;05/03/2024 10:00:00;06/03/2024 10:00:00;;",
        'INC2;Ça marche;Éloïse;4 - Faible;Clos;Réseau;25/03/2024 10:00:00;26/03/2024 10:00:00;25/03/2024 11:00:00;25/03/2024 12:00:00',
        'INC3;Jamais;Éloïse;4 - Faible;Clos;Réseau;32/03/2024 10:00:00;;;',
      ].join('\r\n'),
      'latin1',
    )
    const { given, done } = await bringIn(file, 'fr', { zone: 'Europe/Paris' })
    expect([given.suggested, given.form]).toMatchObject([
      'servicenow',
      { encoding: 'windows-1252', delimiter: ';' },
    ])
    expect(done.report).toMatchObject({ tickets: 2, refused: 1, unknown: [] })
    expect(await ticketsOf('fr')).toMatchObject([
      {
        state: 'pending',
        priority: 'P2',
        title: "L'écran est noir",
        team: 'Réseau',
        requester: 'Éloïse',
        created: new Date('2024-03-05T09:00:00Z'),
      },
      {
        state: 'closed',
        priority: 'P4',
        resolved: new Date('2024-03-25T10:00:00Z'),
        verbs: ['open', 'resolve', 'close'],
      },
    ])
  })

  it('of updates, the newest first', async () => {
    const states = ['New', 'Active', 'Resolved', 'Active', 'Resolved', 'Closed']
    const rows = states.map((state, n) => `INC9,${state},Log,2024-01-01 08:00:00,2024-01-0${n + 1} 09:00:00`)
    const head = 'number,incident_state,short_description,opened_at,sys_updated_at'
    const { done } = await bringIn([head, ...rows.toReversed()].join('\n'), 'newest')
    expect(done.mapping).toMatchObject({ rows: 'update', order: 'newest-first' })
    expect(await ticketsOf('newest')).toMatchObject([
      { state: 'closed', reopened: 1, verbs: ['open', 'start', 'resolve', 'reopen', 'resolve', 'close'] },
    ])
  })

  it('of Jira, with labels as tags, and what was left of a promise', async () => {
    const file = `Summary,Issue key,Issue Type,Status,Priority,Reporter,Created,Updated,Resolved,Labels,Labels,Custom field (Time to resolution),Comment,Comment
"VPN, down",IT-1,Incident,Done,Highest,max@j.example,12/Mar/24 3:04\u202fPM,13/Mar/24 10:00 AM,13/Mar/24 9:00 AM,vpn,Home Office,-0:20,13/Mar/24 8:00 AM;lea;On it,
Screen,IT-2,Incident,Triage by squad,P0,max@j.example,12/Mar/24 3:04 PM,13/Mar/24 10:00 AM,,,,3:59,,
`
    const { given, done } = await bringIn(file, 'jsm')
    expect(given.suggested).toBe('jira')
    expect(done.report.unknown.map(({ field, value }) => `${field} ${value}`)).toEqual([
      'state Triage by squad',
      'priority P0',
    ])
    expect(await ticketsOf('jsm')).toMatchObject([
      {
        key: 'IT-1',
        created: new Date('2024-03-12T15:04:00Z'),
        tags: ['home-office', 'vpn'],
        said: ['On it'],
      },
      { key: 'IT-2', state: 'new', tags: null },
    ])
    const { rows } = await sql`
      select c.state from sla_clock c join ticket t on t.id = c.ticket_id where t.source = 'jsm' and c.imported`.execute(
      record.db,
    )
    expect(rows).toEqual([{ state: 'breached' }])
  })

  it('of GLPI, with HTML, several requesters and a delimiter at the end of each line', async () => {
    const file = `\uFEFF"ID";"Titre";"Statut";"Dernière modification";"Date d'ouverture";"Priorité";"Demandeur - Demandeur";"Attribué à - Groupe de techniciens";"Description";
"12";"Imprimante";"En cours (Attribué)";"14-04-2024 10:00";"13-03-2024 09:00";"Haute";"DUPONT Jean
MARTIN Luc";"Support N1";"&lt;p&gt;Bonjour,&lt;/p&gt;&lt;p&gt;elle ne marche pas &amp;amp; fume&lt;/p&gt;";
`
    const { given, done } = await bringIn(file, 'glpi-fr')
    expect([given.suggested, done.report.tickets]).toEqual(['glpi', 1])
    expect(await ticketsOf('glpi-fr')).toMatchObject([
      {
        state: 'in_progress',
        priority: 'P2',
        requester: 'DUPONT Jean',
        team: 'Support N1',
        description: 'Bonjour,\nelle ne marche pas & fume',
        created: new Date('2024-03-13T09:00:00Z'),
      },
    ])
  })

  it('of Zammad', async () => {
    const file = `#,Title,State,Priority,Group,Owner,Customer,Tags,Created At,Updated At,Closed At
31001,Mail,open,3 high,Users,-,Nicole Braun,"vpn,mail",2024-03-12 10:00:00 UTC,2024-03-13 10:00:00 UTC,
31002,Mail,closed,1 low,Users,Ann,Nicole Braun,,2024-03-12 10:00:00 UTC,2024-03-13 10:00:00 UTC,2024-03-13 09:00:00 UTC
`
    const { given } = await bringIn(file, 'zammad-list')
    expect(given.suggested).toBe('zammad')
    expect(await ticketsOf('zammad-list')).toMatchObject([
      { key: '31001', state: 'in_progress', priority: 'P2', assignee: null, tags: ['mail', 'vpn'] },
      {
        key: '31002',
        state: 'closed',
        priority: 'P4',
        assignee: 'Ann',
        closed: new Date('2024-03-13T09:00:00Z'),
      },
    ])
  })

  it("of a spreadsheet, in UTF-16, by the names of its columns; one's own order of day and month", async () => {
    const text = 'Ticket\tSubject\tStatus\tOpened on\tAssigned to\r\n7\tÇa\tOpen\t03/04/2024 09:00\tZoë\r\n'
    const file = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    const { given, checked, done } = await bringIn(file, 'sheet')
    expect([given.suggested, given.form.encoding]).toEqual([null, 'utf-16le'])
    expect(checked.report.dates.question).toEqual({ example: '03/04/2024 09:00', taken: 'day' })
    expect(checked.report.samples).toMatchObject([
      { external_id: '7', title: 'Ça', story: [{ verb: 'open' }] },
    ])
    expect(done.report.tickets).toBe(1)
    await bringIn(file, 'sheet-us', { dates: 'month-first' })
    const created = async (source: string) => (await ticketsOf(source)).map((ticket) => ticket.created)
    expect(await created('sheet')).toEqual([new Date('2024-04-03T09:00:00Z')])
    expect(await created('sheet-us')).toEqual([new Date('2024-03-04T09:00:00Z')])
  })

  it('with broken rows among good ones hands those back, each with its reason', async () => {
    const file = `sep=;
id;title;opened;state;ended;time zone
1;in the gap;2024-03-31 02:30;Open;;Europe/Rome
2;ends first;2024-03-10 10:00;Closed;2024-03-01 09:00;UTC
3;nowhere;2024-03-10 10:00;Open;;Mars/Olympus
4;two places;2024-03-10 10:00;Open;;IST
5;twice;2024-03-10 10:00;Open;;UTC
5;twice, otherwise;2024-03-10 10:00;Open;;UTC
6;the same twice;2024-03-10 10:00;Open;;UTC
6;the same twice;2024-03-10 10:00;Open;;UTC
7;short
8;too much;2024-03-10 10:00;Open;;UTC;x
9;too much of nothing;2024-03-10 10:00;Open;;UTC;;
10;never;2099-03-10 10:00;Open;;UTC
11;=HYPERLINK("http://evil.example");2024-02-30 10:00;Open;;UTC
12;${'x'.repeat(200_001)};2024-03-10 10:00;Open;;UTC
13;"never closes;2024-03-10 10:00;Open;;UTC
`
    const { done } = await bringIn(file, 'broken', { closed_at: 'ended', rows: 'ticket' })
    expect(done).toMatchObject({ state: 'done', report: { tickets: 4, refused: 6 } })
    expect((await ticketsOf('broken')).map(({ key }) => key)).toEqual(['1', '13', '6', '9'])
    const csv = await api.call(admin.key, 'GET', `/api/v1/imports/${done.id}/refused?format=csv`)
    const reasons = (await csv.text())
      .split('\n')
      .flatMap((line) => line.match(/^"?(\d+),.*,"?([a-z_]* ?[“a-z].*)$/)?.[0] ?? [])
    const about = (key: string) => reasons.filter((line) => line.startsWith(`${key},`)).join()
    expect(about('2')).toContain('lies before the opening')
    expect(about('3')).toContain('is not the name of one time zone')
    expect(about('4')).toContain('is not the name of one time zone')
    expect(about('5')).toContain('stands on 2 rows')
    expect(about('7')).toContain('has 2 cells')
    expect(about('8')).toContain('has 7 cells')
    expect(about('10')).toContain('is not a date that can have been')
    expect(about('11')).toContain("'=HYPERLINK")
    expect(about('12')).toContain('is longer than 200000 characters')
  })

  it('that comes twice at once brings its tickets once, and names that mean one person or team make one', async () => {
    const people = ['Anna Rossi <anna@t.example>', 'anna@t.example', 'ANNA@t.example', 'bob']
    const rows = Array.from({ length: 1_000 }, (_, n) => {
      const team = n % 2 ? 'Twice' : 'TWICE'
      return `t${n},Title,2024-01-01 10:00,${people[n % 4]},${team},Service ${n % 30},caller ${n}`
    })
    const file = ['id,title,opened,requester,team,service,opened by', ...rows].join('\n')
    const both = await Promise.all([upload(file), upload(file)])
    for (const { id, guess } of both) await ask('PUT', `${id}/mapping`, { ...guess, source: 'twice' })
    // Checked as a whole elsewhere: here all is new to both of them at the same moment.
    await sql`update import set state = 'running' where id = any(${both.map(({ id }) => id)}::uuid[])`.execute(
      record.db,
    )
    await Promise.all([work(), work(), work()])
    await work()
    const reports = await Promise.all(both.map(async ({ id }) => (await ask('GET', id)).report))
    expect(reports.map(({ tickets, already }) => tickets + already)).toEqual([1_000, 1_000])
    expect(reports[0]!.tickets + reports[1]!.tickets).toBe(1_000)
    const { rows: counted } = await sql<Record<string, number>>`
      select count(*) as tickets, count(distinct external_id) as keys, count(distinct team_id) as teams,
        count(team_id) as with_team, count(distinct requester_id) as people, count(requester_id) as with_requester,
        count(distinct service_id) as services, count(service_id) as with_service
      from ticket where source = 'twice'`.execute(record.db)
    const each = { with_team: 1_000, with_requester: 1_000, with_service: 1_000 }
    expect(counted[0]).toEqual({ tickets: 1_000, keys: 1_000, teams: 1, people: 2, services: 30, ...each })
  })

  it('without numbers calls its tickets by their lines, and without a header by columns', async () => {
    const mapping = { number: { line: 'row-' }, title: 'Column 1', created_at: 'Column 2' }
    const { given, done } = await bringIn(
      'Printer,2024-03-12 10:00\nScreen,2024-03-13 10:00\n',
      'lines',
      mapping,
    )
    expect([given.form.header, given.guess]).toMatchObject([
      false,
      { number: { line: 'line-' }, title: 'Column 1', created_at: 'Column 2' },
    ])
    expect(done.report.tickets).toBe(2)
    expect((await ticketsOf('lines')).map(({ key, title }) => [key, title])).toEqual([
      ['row-1', 'Printer'],
      ['row-2', 'Screen'],
    ])
  })
})
