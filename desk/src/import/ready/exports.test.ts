import { describe, expect, it } from 'vitest'
import { DateEvidence, openFile } from '../file/index.ts'
import { orderOf, shapeOfRows } from '../order.ts'
import { planImport } from '../plan.ts'
import { readItems } from '../read-items.ts'
import type { Matrix, ToldTicket } from '../tell.ts'
import { beginMapping, suggestMapping } from './index.ts'

/** Files of other desks, as they come: what is proposed for them, and what their tickets then are. */

const MATRIX = {
  high: { high: 'P1', medium: 'P2', low: 'P3' },
  medium: { high: 'P2', medium: 'P3', low: 'P4' },
  low: { high: 'P3', medium: 'P4', low: 'P5' },
} as Matrix
const AT = new Date('2026-11-29T10:00:00Z')

async function read(text: string) {
  async function* once() {
    yield Buffer.from(text)
  }
  const open = await openFile(once(), { most: 1e9 })
  const { columns } = open.layout
  const dates = new DateEvidence(columns.length)
  const rows: string[][] = []
  for await (const { cells } of open.rows) {
    dates.add(cells)
    rows.push(cells)
  }
  const form = { dates: dates.found() }
  const shown = { name: 'old.csv', ...form, sample: rows, at: AT }
  const plan = planImport(beginMapping(columns, shown)!, columns, form)
  const items = Map.groupBy(rows, (cells) =>
    typeof plan.number === 'number' ? cells[plan.number]! : `${plan.number.line}${rows.indexOf(cells) + 2}`,
  )
  const several = [...items.values()].filter(({ length }) => length > 1).length
  const { mapping } = plan
  const shape =
    mapping.rows === 'auto'
      ? plan.given.has('at')
        ? shapeOfRows(several, items.size)
        : 'ticket'
      : mapping.rows
  const at = plan.readInstants.find(([field]) => field === 'at')![1]
  const order = orderOf(
    [...items.values()].map((all) => all.map((cells) => plan.instant(at?.(cells) ?? '') ?? null)),
  )
  const given = [...items].map(([key, all]) => ({ key, rows: all }))
  const told = readItems(
    given,
    { ...plan, mapping: { ...mapping, rows: shape, order } },
    MATRIX,
    AT.getTime(),
  )
  return { ready: suggestMapping(columns, shown), ...told }
}

const instant = (at: number | null) =>
  at === null ? null : new Date(at).toISOString().slice(0, 16).replace('T', ' ')
const shownOf = (ticket: ToldTicket) => {
  const { facets } = ticket.steps.at(-1)!
  return {
    key: ticket.externalId,
    ...ticket,
    ...facets,
    opened: instant(ticket.createdAt),
    acknowledged: instant(ticket.acknowledgedAt),
    answered: instant(ticket.firstResponseAt),
    resolved: instant(ticket.resolvedAt),
    closed: instant(ticket.closedAt),
    promised: ticket.outcomes.map(({ target, outcome }) => `${target} ${outcome}`).join(', '),
    said: ticket.comments.map(({ author, body }) => `${author}: ${body}`).join(' | '),
    verbs: ticket.steps.map(({ verb }) => verb).join(' '),
  }
}

/** Of each file its first ticket, or those that are named. */
const FILES: [string, string, Record<string, unknown>, ready?: string][] = [
  [
    'ServiceNow, problems: what its numbers and numeric states mean there',
    `"number","short_description","priority","state","assigned_to","opened_at","closed_at"
"PRB0000011","Storage","3 - Moderate","103","Don","2018-08-30 08:13:52",""`,
    { key: 'PRB0000011', kind: 'problem', state: 'in_progress', assignee: 'Don' },
    'servicenow',
  ],
  [
    'ServiceNow, changes',
    `"number","short_description","type","state","priority","opened_at","closed_at","sys_class_name"
"CHG0000001","Roll back","Emergency","3","3 - Moderate","2022-12-20 08:00:00","2023-01-03 08:00:00","Change Request"`,
    { kind: 'change', state: 'closed', closed: '2023-01-03 08:00' },
    'servicenow',
  ],
  [
    'ServiceNow, catalogue tasks',
    `"number","short_description","state","opened_at","closed_at"
"SCTASK0010001","Laptop","Closed Complete","2024-03-17 15:04:05","2024-03-19 15:04:05"`,
    { kind: 'request', state: 'closed' },
    'servicenow',
  ],
  [
    'ServiceNow, raw: why it is on hold stands in a column of its own',
    `number,state,opened_at,sys_updated_on,short_description,hold_reason
INC0009006,3,2018-08-31 21:35:21,2018-12-13 07:18:55,Waits,1`,
    { kind: 'incident', state: 'pending', pending_reason: 'requester' },
    'servicenow',
  ],
  [
    'ServiceNow, times in each state',
    `"inc_number","inc_short_description","inc_opened_at","mi_value","mi_start","mi_end"
"INC0010001","Email","2024-03-17 15:00:00","New","2024-03-17 15:00:00","2024-03-17 15:10:00"
"INC0010001","Email","2024-03-17 15:00:00","In Progress","2024-03-17 15:10:00","2024-03-17 16:10:00"
"INC0010001","Email","2024-03-17 15:00:00","Resolved","2024-03-17 16:10:00",""`,
    {
      key: 'INC0010001',
      title: 'Email',
      state: 'resolved',
      acknowledged: '2024-03-17 15:10',
      verbs: 'open start resolve',
    },
  ],
  [
    'Jira, its wiki markup as Markdown',
    `Summary,Issue key,Issue Type,Status,Priority,Reporter,Created,Updated,Resolved,Description,Comment
Jam,ITSM-1,IT Help,Waiting for support,Medium,bob,17/Mar/24 3:04 PM,17/Mar/24 3:10 PM,,"h2. Steps
* *bold* [here|http://a.b]
{code:sql}
select *
{code}",17/Mar/24 12:06 AM;anna;{color:red}now{color} [~bob]`,
    {
      kind: 'request',
      state: 'in_progress',
      description: '## Steps\n- **bold** [here](http://a.b)\n\n```\nselect *\n```',
      said: 'anna: now @bob',
    },
    'jira',
  ],
  [
    'Jira in German',
    `Zusammenfassung;Vorgangsschlüssel;Vorgangstyp;Status;Priorität;Zugewiesene Person;Autor;Erstellt;Aktualisiert;Erledigt
Drucker;IT-1;Störung;Erledigt;Hoch;anna;bob;17.03.2024 15:04;18.03.2024 15:04;18.03.2024 10:00`,
    {
      key: 'IT-1',
      kind: 'incident',
      state: 'resolved',
      priority: 'P2',
      resolved: '2024-03-18 10:00',
      requester: 'bob',
    },
    'jira',
  ],
  [
    'GLPI: several technicians in a cell',
    `ID;Titre;Statut;Dernière modification;Date d'ouverture;Priorité;Demandeur - Demandeur;Attribué à - Technicien
"5 732";"Écran";"En cours (Attribué)";"17-03-2024 15:04";"17-03-2024 15:00";"Haute";"Dupont Jean";"Martin<br>Durand"`,
    { key: '5 732', state: 'in_progress', priority: 'P2', assignee: 'Martin' },
    'glpi',
  ],
  [
    'Znuny: the number of the ticket, not of the row',
    `"Number";"Ticket#";"Created";"Closed";"First Lock";"First Response";"State";"Priority";"Queue";"Owner";"Customer Name";"Subject";"SolutionInMin"
"1";"2024031710000012";"2024-03-17 15:04:05";"2024-03-18 15:04:05";"2024-03-17 15:05:00";"2024-03-17 15:10:00";"closed unsuccessful";"3 normal";"Raw";"ann";"Bob";"Sub";"10"`,
    {
      key: '2024031710000012',
      acknowledged: '2024-03-17 15:05',
      answered: '2024-03-17 15:10',
      resolved: '2024-03-17 15:14',
      closed: '2024-03-18 15:04',
      team: 'Raw',
    },
  ],
  [
    'BMC Remedy: why it waits',
    `Incident ID*+,Customer*+,Summary*,Status*,Status Reason,Priority*,Incident Type*,Assigned Group*+,Submit Date
INC000000000102,Mary Mann,Mail,Pending,Supplier Delivery,Critical,Infrastructure Event,Service Desk,3/17/2024 3:04:05 PM`,
    { state: 'pending', pending_reason: 'vendor', opened: '2024-03-17 15:04' },
  ],
  [
    'ManageEngine: overdue is broken',
    `Request ID,Subject,Requester,Request Status,Created Date,Completed Time,Overdue Status
102,Mouse,Eve,Closed,17/03/2024 03:04 PM,17/03/2024 05:11 PM,true`,
    { state: 'closed', promised: 'resolution breached' },
  ],
  [
    'Zendesk: names beside addresses, minutes to the first reply',
    `Id,Requester,Requester email,Assignee,Group,Subject,Status,Ticket type,Created at,Solved at,First reply time in minutes,First reply time in minutes within business hours
1,Bob,bob@x.org,Anna,Support,Printer,Hold,Question,2024-03-17 15:04,,15,3`,
    { requester: 'Bob bob@x.org', state: 'pending', answered: '2024-03-17 15:19' },
  ],
  [
    'iTop',
    `"Ref";"Title";"Status";"Priority";"Caller->Full name";"Team->Name";"Agent->Full name";"Start date";"Resolution date";"Close date";"SLA tto passed";"SLA ttr passed"
"R-000002";"Mail";"Closed";"critical";"Bob Doe";"Helpdesk";"Ann Doe";"2024-03-17 15:04:05";"2024-03-17 17:04:05";"2024-03-18 17:04:05";"no";"yes"`,
    {
      kind: 'request',
      requester: 'Bob Doe',
      team: 'Helpdesk',
      assignee: 'Ann Doe',
      promised: 'response met, resolution breached',
    },
  ],
  [
    'PagerDuty: seconds to the first acknowledgement',
    `id,incident_number,description,service_name,escalation_policy_name,created_on,resolved_on,seconds_to_first_ack,assigned_to_user_names,urgency
Q1,101,CPU high,Web,Default,2024-03-17T15:04:05-04:00,2024-03-17T16:04:05-04:00,60,Ann,high`,
    {
      key: '101',
      service: 'Web',
      acknowledged: '2024-03-17 19:05',
      resolved: '2024-03-17 20:04',
      assignee: 'Ann',
    },
  ],
  [
    'Opsgenie: “Acknowledged” that is no instant, milliseconds since 1970',
    `"Alert ID","TinyID","Message","Status","Acknowledged","CreatedAt","UpdatedAt","Teams","Priority"
"abc-1","12","CPU high","closed","true","1710687845000","1710691445000","Ops","P2"`,
    {
      key: '12',
      title: 'CPU high',
      acknowledged: null,
      opened: '2024-03-17 15:04',
      state: 'closed',
      team: 'Ops',
    },
  ],
  [
    'GitHub: how many comments there are is no comment',
    `number,title,state,author,assignees,labels,created_at,updated_at,closed_at,comments,body
2,Bug,CLOSED,octo,ann,"bug,p1",2024-03-17T15:04:05Z,2024-03-18T15:04:05Z,2024-03-18T15:04:05Z,3,text`,
    { state: 'closed', requester: 'octo', said: '', tags: ['bug', 'p1'], closed: '2024-03-18 15:04' },
  ],
  [
    'GitLab',
    `Title,Description,Issue ID,State,Author,Assignee,Created At (UTC),Updated At (UTC),Closed At (UTC),Labels
Bug,text,2,Closed,Bob,,2024-03-17 15:04:05,2024-03-18 15:04:05,2024-03-18 15:04:05,bug`,
    { key: '2', state: 'closed', opened: '2024-03-17 15:04', requester: 'Bob' },
  ],
  [
    'Bugzilla',
    `bug_id,"product","component","assigned_to","bug_status","resolution","short_desc","changeddate","opendate"
3,"Prod","Comp","nobody","VERIFIED","---","Crash","2024-03-18 15:04:05","2024-03-17 15:04:05"`,
    {
      key: '3',
      title: 'Crash',
      state: 'closed',
      opened: '2024-03-17 15:04',
      assignee: null,
      resolutionCode: null,
    },
  ],
  [
    'Redmine: a number called #',
    `#,Tracker,Status,Priority,Subject,Author,Assignee,Updated,Created,Closed
13,Feature,Closed,Immediate,New page,Bob,Ann,03/18/2024 03:04 PM,03/17/2024 03:00 PM,03/18/2024 03:04 PM`,
    { key: '13', kind: 'request', state: 'closed', priority: 'P1', opened: '2024-03-17 15:00' },
  ],
  [
    'Salesforce: dates and times in one word',
    `"Case Owner","Case Number","Subject","Status","Date/Time Opened","Date/Time Closed","Contact Name","Type"
"Bob","00001026","Printer","Closed","3/17/2024, 3:04 PM","3/18/2024, 3:04 PM","Ann","Problem"`,
    { key: '00001026', kind: 'problem', opened: '2024-03-17 15:04', assignee: 'Bob', requester: 'Ann' },
  ],
  [
    'Linear: dates as programs write them',
    `ID,Team,Title,Status,Priority,Creator,Assignee,Created,Started,Completed
ENG-1,ENG,Bug,Done,Urgent,bob@x.org,ann@x.org,Sun Mar 17 2024 15:04:05 GMT+0000 (GMT),Sun Mar 17 2024 15:10:05 GMT+0000 (GMT),Mon Mar 18 2024 15:04:05 GMT+0000 (Greenwich Mean Time)`,
    { acknowledged: '2024-03-17 15:10', closed: '2024-03-18 15:04', priority: 'P1' },
  ],
  [
    'a log that names no opening, as Volvo wrote it',
    `SR Number;Change Date+Time;Status;Sub Status;Involved ST;SR Latest Impact;Product;Owner First Name
1-36;2010-03-31T15:59:42+01:00;Accepted;In Progress;V30;Medium;PROD582;Frederic
1-36;2010-03-31T16:45:48+01:00;Queued;Awaiting Assignment;V5 3rd;Medium;PROD582;Frederic
1-36;2012-05-11T01:26:15+01:00;Completed;Closed;V5 3rd;Medium;PROD582;Anne`,
    {
      key: '1-36',
      state: 'closed',
      opened: '2010-03-31 14:59',
      closed: '2012-05-11 00:26',
      team: 'V5 3rd',
      assignee: 'Anne',
    },
  ],
  [
    'the log of UCI under other names, in another order',
    `updated_at,ID,ID_status,ID_caller,opened_by,opened_time,created_at,user_symptom,impact,Support_group,support_incharge
29-02-2016 01:23,INC0000045,New,Caller 2403,Opened by  8,29-02-2016 01:16,29-02-2016 01:23,Symptom 72,2 - Medium,Group 56,?
05-03-2016 12:00,INC0000045,Closed,Caller 2403,Opened by  8,29-02-2016 01:16,29-02-2016 01:23,Symptom 72,2 - Medium,Group 56,Resolver 7`,
    {
      key: 'INC0000045',
      state: 'closed',
      requester: 'Caller 2403',
      symptom: 'Symptom 72',
      team: 'Group 56',
      assignee: 'Resolver 7',
    },
  ],
  [
    'a spreadsheet that counts hours',
    `Ticket_ID,Date_Created,Category,Priority,Status,Assigned_To,Resolution_Time_Hours
T1,2024-03-17,Network,High,Resolved,Unassigned,4.5`,
    { state: 'resolved', resolved: '2024-03-17 04:30', assignee: null },
  ],
  [
    'neither a header nor names: what stands in the columns tells',
    `INC1,Printer jam,open,2024-03-17 15:04,bob@x.org
INC2,Screen black and noisy,closed,2024-03-18 15:04,ann@x.org`,
    { key: 'INC1', title: 'Printer jam', state: 'new', opened: '2024-03-17 15:04', requester: 'bob@x.org' },
  ],
  [
    'names in a language of which nothing is known',
    `Sayı,Başlık,Durum,Tarih
A1,Yazıcı bozuk lütfen,open,17.03.2024 15:04
A2,Ekran siyah oldu,closed,18.03.2024 15:04`,
    { key: 'A1', title: 'Yazıcı bozuk lütfen', opened: '2024-03-17 15:04', state: 'new' },
  ],
  [
    'dates as the French say them',
    `N°;Objet;Statut;Créé le;Fermé le
2;b;Fermé;1er février 2024 à 15h04;2 août 2024 08:00`,
    { opened: '2024-02-01 15:04', closed: '2024-08-02 08:00' },
  ],
  [
    'dates as the Germans say them',
    `Nr;Betreff;Status;Erstellt am;Geschlossen am
3;c;Geschlossen;Mo, 1. Januar 2024 15:04 Uhr;2. Dez. 2024 08:00`,
    { opened: '2024-01-01 15:04', closed: '2024-12-02 08:00' },
  ],
  [
    'seconds and milliseconds since 1970 in one column',
    `id,title,status,created,closed
2,b,closed,1710687845,1710691445000
3,b,closed,1710687845,1710691445`,
    { opened: '2024-03-17 15:04', closed: '2024-03-17 16:04' },
  ],
]

describe('the file of another desk', () => {
  it.each(FILES)('%s', async (_name, text, wanted, ready) => {
    const { tickets, problems, ...told } = await read(text)
    expect([...problems]).toEqual([])
    expect(told.ready).toBe(ready)
    expect(shownOf(tickets[0]!)).toMatchObject(wanted)
  })

  it('tells what it is, where it is no table', async () => {
    await expect(read('[{"id": 1, "title": "a"}]\n')).rejects.toMatchObject({
      details: { errors: [{ path: 'file', message: 'is JSON: export the tickets as CSV' }] },
    })
    await expect(read('<!DOCTYPE html><table><tr><td>a, b</td></tr></table>')).rejects.toMatchObject({
      details: { errors: [{ path: 'file', message: 'is a web page or XML: export the tickets as CSV' }] },
    })
  })
})
