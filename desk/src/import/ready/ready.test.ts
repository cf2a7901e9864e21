import { describe, expect, it } from 'vitest'
import { planImport } from '../plan.ts'
import { beginMapping, suggestMapping } from './index.ts'

const split = (header: string) => header.split(/[,;]/)

describe('what to begin with', () => {
  it.each([
    ['number,incident_state,opened_at,sys_updated_at,priority', 'servicenow'],
    ['Number,Short description,Caller,Priority,State,Opened,Updated', 'servicenow'],
    ["Numéro,Brève description,Appelant,Priorité,État,Ouvert,Groupe d'affectation", 'servicenow'],
    ['Issue key,Issue Type,Status,Priority,Summary,Assignee,Reporter,Created,Updated', 'jira'],
    [
      '#,Title,State,Priority,Group,Owner,Customer,Organization,Tags,Created At,Updated At,Closed At',
      'zammad',
    ],
    ['ID;Title;Status;Last update;Opening date;Priority;Requester - Requester;Category', 'glpi'],
    ["ID;Titre;Statut;Dernière modification;Date d'ouverture;Priorité;Demandeur - Demandeur", 'glpi'],
    ['Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created Time,Resolved Time', 'freshservice'],
    ['Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Current Status', 'osticket'],
  ])('%s is of %s', (header, name) => expect(suggestMapping(split(header))).toBe(name))

  it.each([
    [
      'Ticket,Subject,Status,Opened on,Assigned to,Severity',
      ['number', 'title', 'state', 'created_at', 'assignee', 'priority'],
    ],
    [
      'Référence;Objet;Statut;Créé le;Technicien;Criticité',
      ['number', 'title', 'state', 'created_at', 'assignee', 'priority'],
    ],
    [
      'Codice;Oggetto;Stato;Aperto il;Richiedente;Sede',
      ['number', 'title', 'state', 'created_at', 'requester', 'location'],
    ],
  ])('%s goes by the names of its columns', (header, fields) => {
    const columns = split(header)
    expect(suggestMapping(columns)).toBeUndefined()
    const mapping = beginMapping(columns)!
    expect(fields.map((field) => sourceOf(mapping[field as 'title']))).toEqual(columns)
    // And it fits the file that it was made for.
    expect(planImport(mapping, columns, { dates: [] }).unused).toEqual([])
  })

  it('is nothing where no opening is among the columns', () =>
    expect(beginMapping(['Short description', 'Description', 'Caller'])).toBeUndefined())

  it.each([
    ['Zendesk tickets export 2024-11.csv', 'zendesk'],
    ['helpdesk_2024_refused.csv.gz', 'helpdesk'],
    ['tickets-november.csv', 'import'],
  ])('%s is of %s', (name, source) =>
    expect(
      beginMapping(['Ticket', 'Subject', 'Opened on'], shownBy(name, [['1', 'a b', '2024-01-12']])),
    ).toMatchObject({
      source,
    }),
  )

  it('is of the day of the file where it has no date at all, and of the file where it numbers nothing', () =>
    expect(
      beginMapping(
        ['Short description', 'Description', 'Caller'],
        shownBy('Tickets 2024.csv.gz', [['a b', 'c d', 'e']]),
      ),
    ).toMatchObject({
      source: 'tickets-2024',
      number: { line: 'line-' },
      title: 'Short description',
      created_at: { value: '2024-03-12' },
      requester: 'Caller',
    }))
})

const shownBy = (name: string, sample: string[][]) => ({
  name,
  dates: [],
  sample,
  at: new Date('2024-03-12T10:00:00Z'),
})
const sourceOf = (part: unknown) => (typeof part === 'string' ? part : (part as { from: string }).from)
