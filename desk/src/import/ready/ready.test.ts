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
})

const sourceOf = (part: unknown) => (typeof part === 'string' ? part : (part as { from: string }).from)
