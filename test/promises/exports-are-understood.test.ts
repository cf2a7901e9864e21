import {
  beginImport,
  importProgress,
  mapImport,
  stageImport,
  startImport,
  checkImport,
  sweepImports,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, type TestDatabase } from '../harness/index.ts'

/** Whatever desk a file comes from, and whatever has opened and saved it since, it is understood as it stands. */

let record: TestDatabase
beforeAll(async () => {
  record = await database()
})
afterAll(() => record.drop())

type Bytes = string | Buffer
async function* once(bytes: Bytes) {
  yield Buffer.from(bytes as string)
}
let files = 0

/** As somebody does who uploads a file and takes the mapping as the page offers it. */
async function bringIn(bytes: Bytes, more: Record<string, unknown> = {}) {
  const { db } = record
  const { id, columns, form } = await stageImport(db, SYSTEM, { name: 'export.csv', bytes: once(bytes) })
  const { guess: begun } = await beginImport(db, id)
  expect(begun, `a mapping for ${columns.join(', ')}`).not.toBeNull()
  const source = `file-${++files}`
  await transact(db, SYSTEM, (tx) => mapImport(tx, id, { ...begun!, zone: 'Europe/Rome', ...more, source }))
  for (const ask of [checkImport, startImport]) {
    await transact(db, SYSTEM, (tx) => ask(tx, id))
    while ((await sweepImports(db)) > 0);
  }
  const { report, refused } = await importProgress(db, id)
  const { rows } = await sql<Record<string, string | null>>`
    select t.external_id as key, t.kind, t.state, t.priority, t.title,
      to_char(t.created_at, 'YYYY-MM-DD HH24:MI') as opened, to_char(t.resolved_at, 'YYYY-MM-DD HH24:MI') as resolved,
      to_char(t.closed_at, 'YYYY-MM-DD HH24:MI') as closed,
      (select name from person where id = t.requester_id) as requester,
      (select name from person where id = t.assignee_id) as assignee, (select name from team where id = t.team_id) as team,
      (select string_agg(p.name || ': ' || m.body, ' | ' order by m.created_at) from message m
       left join person p on p.id = m.author_id where m.ticket_id = t.id) as said
    from ticket t where t.source = ${source} order by t.number`.execute(db)
  return { tickets: rows, report, refused, form }
}

/** What each of them has to be told of its one ticket. */
const EXPORTS: [string, Bytes, Record<string, unknown>][] = [
  [
    'Jira, all fields: columns of one name, account ids beside names, times by twelve hours',
    `Summary,Issue key,Issue id,Issue Type,Status,Project key,Priority,Resolution,Assignee,Assignee Id,Reporter,Reporter Id,Created,Updated,Last Viewed,Resolved,Labels,Labels,Description,Custom field (Time to resolution),Comment,Comment
VPN down,ITSM-7,10007,[System] Incident,Resolved,ITSM,Highest,Done,Lea Roth,712020:aa-1,Max Berg,qm:bb-2,12/Jan/24 3:45 PM,13/Jan/24 9:00 AM,,12/Jan/24 5:00 PM,vpn,remote,"Since noon,
no tunnel","3:59",12/Jan/24 4:00 PM;712020:aa-1;On it,12/Jan/24 4:30 PM;qm:bb-2;Works; thanks`,
    {
      key: 'ITSM-7',
      kind: 'incident',
      state: 'resolved',
      priority: 'P1',
      opened: '2024-01-12 14:45',
      resolved: '2024-01-12 16:00',
      requester: 'Max Berg',
      assignee: 'Lea Roth',
      said: 'Lea Roth: On it | Max Berg: Works; thanks',
    },
  ],
  [
    'Jira in Spanish',
    `Resumen,Clave de incidencia,ID de la incidencia,Tipo de Incidencia,Estado,Prioridad,Persona asignada,ID de la persona asignada,Informador,ID del informador,Creada,Actualizada,Resuelta,Comentario
Cuenta bloqueada,IHS-5,10041,Incident,Completado,High,Diego Arellano,712020:b4,maria@demo.example,qm:a3,18/jul/24 9:10 AM,18/jul/24 10:53 AM,18/jul/24 10:53 AM,18/jul/24 10:52 AM;712020:b4;Desbloqueada`,
    {
      key: 'IHS-5',
      state: 'closed',
      priority: 'P2',
      opened: '2024-07-18 07:10',
      requester: 'maria@demo.example',
      said: 'Diego Arellano: Desbloqueada',
    },
  ],
  [
    'Jira by its API: months of a zone each, no state but an end',
    `assignee_email,components,created,creator_email,issue_type,labels,reporter_email,resolutiondate,summary,id,key
abc@cn.example,1408:,2018-05-11T09:46:53.000+0300,def@sg.example,1100,Other:,def@sg.example,2018-05-18T09:30:34.000+0300,Re-create schemas,4545,CSC-14`,
    {
      key: 'CSC-14',
      state: 'resolved',
      title: 'Re-create schemas',
      opened: '2018-05-11 06:46',
      resolved: '2018-05-18 06:30',
    },
  ],
  [
    'ServiceNow with the names of its fields and a column twice',
    `"number","state","sys_created_on","sys_updated_on","short_description","caller_id","assignment_group","assigned_to","severity","severity","made_sla","closed_at","resolved_at"
"INC2909747","7","2025-03-12 15:21:08","2025-03-14 15:40:46","null","Aldair Vega","GTI-SDK","Alondra Reyna","4 - Low","3 - Low","true","2025-03-14 15:40:46","2025-03-13 10:00:00"`,
    {
      key: 'INC2909747',
      state: 'closed',
      opened: '2025-03-12 14:21',
      resolved: '2025-03-13 09:00',
      team: 'GTI-SDK',
    },
  ],
  [
    'ServiceNow by the labels of a list, dates as Americans write them',
    `"Number","State","Created","Last update","Affected User","Assignment Group","Assigned to","Urgency","Severity"
"INC2897103","New","02-28-2025 14:06:19","03-12-2025 14:55:22","CARMEN GAMEZ","GTI - Desk Side","","3 - Medium","3 - Low"`,
    { key: 'INC2897103', state: 'new', opened: '2025-02-28 13:06', team: 'GTI - Desk Side' },
  ],
  [
    'GLPI in French: semicolons, Windows-1252, quoted',
    Buffer.from(
      `"ID";"Titre";"Statut";"Dernière modification";"Date d'ouverture";"Date de clôture";"Priorité";"Demandeur - Demandeur";"Attribué à - Technicien";"Attribué à - Groupe technicien"\r\n"1 204";"Écran noir";"Clos";"15-03-2024 10:00";"14-03-2024 09:00";"15-03-2024 10:00";"Très haute";"Durand, Zoé";"Félix Noël";"Réseau";\r\n`,
      'latin1',
    ),
    {
      key: '1 204',
      title: 'Écran noir',
      state: 'closed',
      priority: 'P1',
      opened: '2024-03-14 08:00',
      closed: '2024-03-15 09:00',
      assignee: 'Félix Noël',
      team: 'Réseau',
    },
  ],
  [
    'Zendesk, a view',
    `Id,Requester,Requester id,Requester email,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Solved at,Reopens
881,Ada Long,36001,ada@z.example,Bo Finn,Support,Printer on fire,"fire urgent",Closed,Urgent,Mail,Incident,2024-01-12 15:45:00 +0000,2024-01-13 09:00:00 +0000,2024-01-12 17:00:00 +0000,1`,
    {
      key: '881',
      kind: 'incident',
      state: 'closed',
      priority: 'P1',
      opened: '2024-01-12 15:45',
      resolved: '2024-01-12 17:00',
      team: 'Support',
    },
  ],
  [
    'ManageEngine: dashes for nothing, names of months',
    `RequestID,Subject,Requester,Technician,Group,Category,Priority,Request Status,Created Time,DueBy Time,Resolved Time,Completed Time
411,Mouse broken,Eve Stone,Kim Park,Hardware,Devices,Low,Closed,"Jan 12, 2024 03:45 PM",-,"Jan 12, 2024 04:45 PM","Jan 13, 2024 08:00 AM"`,
    {
      key: '411',
      state: 'closed',
      priority: 'P4',
      opened: '2024-01-12 14:45',
      resolved: '2024-01-12 15:45',
      closed: '2024-01-13 07:00',
      assignee: 'Kim Park',
    },
  ],
  [
    'BMC Remedy: names with stars, levels with numbers',
    `Incident ID*+,Summary*,Notes,Status*,Priority*,Impact*,Urgency*,Incident Type*,Submit Date,Last Resolved Date,Closed Date,Assigned Group*+,Assignee+,Customer*+
INC000000000026,Mail does not arrive,Since noon,Closed,High,2-Significant/Large,1-Critical,User Service Restoration,11/7/2008 5:14:17 AM,11/17/2008 6:00:00 AM,11/27/2008 6:00:00 AM,Service Desk,Allen Allbrook,Mary Mann`,
    {
      key: 'INC000000000026',
      kind: 'incident',
      state: 'closed',
      priority: 'P2',
      opened: '2008-11-07 04:14',
      resolved: '2008-11-17 05:00',
    },
  ],
  [
    'Znuny: five priorities of its own',
    `Ticket#;Age;Created;Closed;First Response;State;Priority;Queue;Owner;Customer User;Title
2024011210000017;3 d 1 h;2024-01-12 15:45:00;2024-01-13 09:00:00;2024-01-12 16:00:00;closed successful;4 high;Raw;root@localhost;mia@o.example;No sound`,
    { key: '2024011210000017', state: 'closed', priority: 'P2', opened: '2024-01-12 14:45', team: 'Raw' },
  ],
  [
    'Spiceworks',
    `Ticket Number,Summary,Description,Priority,Status,Assigned To,Created By,Created On,Closed On,Category
17,No paper,Tray 2,Med,closed,it@s.example,joe@s.example,2024-01-12T15:45:00Z,2024-01-12T16:45:00Z,Printers`,
    {
      key: '17',
      state: 'closed',
      opened: '2024-01-12 15:45',
      closed: '2024-01-12 16:45',
      requester: 'joe@s.example',
    },
  ],
  [
    'Request Tracker: tabs, and what a machine calls its columns',
    `id\tSubject\tStatus\tQueue\tCreated\tResolved\tLastUpdated\tOwner\tRequestors
31\tDisk full\tresolved\tops\tFri Jan 12 15:45:00 2024\tFri Jan 12 17:45:00 2024\tFri Jan 12 17:45:00 2024\troot\tann@r.example`,
    { key: '31', state: 'resolved', opened: '2024-01-12 14:45', resolved: '2024-01-12 16:45', team: 'ops' },
  ],
  [
    'a desk in Portuguese, days alone',
    `id_ticket,data_abertura,data_fechamento,cliente,sistema,tipo_chamado,prioridade,status,analista,reaberto
TKT-001,2024-01-03,2024-01-06,Distribuidora Norte,ERP,Erro no sistema,Crítica,Fechado,Juliana M.,Não`,
    { key: 'TKT-001', state: 'closed', priority: 'P1', opened: '2024-01-02 23:00', assignee: 'Juliana M.' },
  ],
  [
    'a data frame: numbers with a point, nanoseconds, no title',
    `ticket_id,created_at,resolved_at,status,priority,category,department,assignee,sla_met
TKT-100000,2025-09-01 03:05:31,2025-09-01 06:39:57.599163393,Resolved,P2,Email,Engineering,Jonas,1.0`,
    { key: 'TKT-100000', state: 'resolved', priority: 'P2', title: 'Email', team: 'Engineering' },
  ],
  [
    "Excel's own line, its numbers for days, UTF-16 with a mark",
    Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(
        'sep=;\r\nTicket;Betreff;Status;Erstellt am;Geschlossen am;Bearbeiter\r\n5;Drucker „grün“;Geschlossen;45303,65625;45304,5;Jörg\r\n',
        'utf16le',
      ),
    ]),
    {
      key: '5',
      title: 'Drucker „grün“',
      state: 'closed',
      opened: '2024-01-12 14:45',
      closed: '2024-01-13 11:00',
    },
  ],
  [
    'a shell that says what it wrote, and seconds since 1970',
    '#TYPE System.Management.Automation.PSCustomObject\r\n"TicketId","Title","State","CreatedAt","ClosedAt"\r\n"9","Door","Closed","1705074300","1705077900"\r\n',
    { key: '9', state: 'closed', opened: '2024-01-12 15:45', closed: '2024-01-12 16:45' },
  ],
  [
    'titles above the header, empty columns, Italians’ clocks',
    'Estrazione ticket del 15/01/2024,,,,,,\n,,,,,,\nCodice,Oggetto,Stato,Aperto il,Chiuso il,,\nA-1,Porta,Chiuso,13/01/2024 15.45,13/01/2024 16.45,,\n',
    { key: 'A-1', state: 'closed', opened: '2024-01-13 14:45', closed: '2024-01-13 15:45' },
  ],
]

describe('the export of another desk', () => {
  it.each(EXPORTS)('%s', async (_name, bytes, wanted) => {
    const { tickets, refused } = await bringIn(bytes)
    expect([refused, tickets]).toEqual([0, [expect.objectContaining(wanted)]])
  })

  it('knows a person whichever name comes first', async () => {
    const rows = 'Ticket,Subject,Status,Opened on,Requester'
    await bringIn(`${rows}\n1,a,open,2024-01-12,Anna Rossi`)
    await bringIn(`${rows}\n2,b,open,2024-01-12,"Rossi, Anna"`)
    const { rows: people } = await sql<{ n: number }>`
      select count(*) as n from person where name ilike '%rossi%'`.execute(record.db)
    expect(people[0]!.n).toBe(1)
  })

  it('updates that stand in no order', async () => {
    const row = (ticket: number, state: string, hour: number) =>
      `${ticket},t,${state},2024-01-12 08:00,2024-01-12 ${hour}:00`
    const rows = [1, 2, 3].flatMap((ticket) => [
      row(ticket, 'in progress', 11),
      row(ticket, 'closed', 12),
      row(ticket, 'new', 10),
    ])
    const { tickets, report } = await bringIn(['Ticket,Subject,Status,Opened on,Updated', ...rows].join('\n'))
    expect(tickets.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed'])
    expect(report.activities).toBe(9)
  })

  it('hands back the one broken row among thousands, and brings the others', async () => {
    const rows = Array.from(
      { length: 2_000 },
      (_, n) => `${n},Ticket ${n},open,${n === 1_234 ? 'yesterday' : '2024-01-12 08:00'}`,
    )
    const { tickets, report, refused } = await bringIn(
      ['Ticket,Subject,Status,Opened on', ...rows].join('\n'),
    )
    expect([tickets.length, report.refused, refused]).toEqual([1_999, 1, 1])
  })

  it('says which words it does not know, and lets the dates tell the end', async () => {
    const { tickets, report } = await bringIn(
      'Ticket,Subject,Status,Opened on,Closed on\n1,a,zu Ende,2024-01-12,2024-01-14\n2,b,auf Eis,2024-01-12,',
    )
    expect(tickets.map(({ state }) => state)).toEqual(['closed', 'new'])
    expect(report.unknown.map(({ value }) => value)).toEqual(['zu Ende', 'auf Eis'])
  })
})
