import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Locale } from '../form/index.ts'
import { holdTeams } from '../people/index.ts'
import { factsOfAll, holdStatuses, placesOf, readAnswerable, type Ticket } from '../ticket/index.ts'
import type { Known } from './decide.ts'
import type { Cell } from './matrix.ts'
import { columnsOf, type Wish } from './wish.ts'

/** A ticket that is locked, with what is wished of it and the revision at which that was seen. */
export interface Wished {
  ticket: Ticket
  wish: Wish
  seen?: number
}

/** Reads what decides about a share of tickets: each kind of thing once, and only where a wish has to do with it. */
export async function readKnown(
  tx: Tx,
  wished: Wished[],
  { plans, locale }: { plans: boolean; locale: Locale },
): Promise<Known> {
  const tickets = wished.map(({ ticket }) => ticket)
  const wishes = wished.map(({ wish }) => wish)
  const steps = wishes.flatMap((wish) => wish.steps ?? [])
  const people = new Set(
    wished.flatMap(({ ticket, wish }) =>
      wish.assigneeId === undefined && wish.teamId === undefined
        ? []
        : [wish.assigneeId, ticket.assignee_id].filter((id) => typeof id === 'string'),
    ),
  )
  const prices = wishes.some(({ impact, urgency, priority }) => impact ?? urgency ?? priority)
  const tagged = wishes.some(({ tagIds, untagIds }) => tagIds ?? untagIds)
  const reopens = steps.some(({ move }) => move === 'reopen')
  const given = wishes.flatMap(({ fields }) => (fields ? [fields] : []))
  const categoryIds = wishes.map(({ categoryId }) => categoryId)
  const teams = [...wishes.map(({ teamId }) => teamId), ...(reopens ? tickets.map((one) => one.team_id) : [])]
  return {
    facts: await factsOfAll(tx.db, tickets),
    statuses: await holdStatuses(tx, [
      ...(steps.length > 0 ? tickets.map(({ status_id }) => status_id) : []),
      ...steps.map(({ statusId }) => statusId),
    ]),
    teams: await holdTeams(tx, teams),
    places: people.size > 0 ? await placesOf(tx, [...people]) : new Map(),
    matrix: prices ? await readMatrix(tx) : [],
    ...(given.length > 0 && {
      answerable: await readAnswerable(tx, { tickets, categoryIds, given, locale }),
    }),
    tags: tagged ? await tagsOf(tx, tickets) : new Map(),
    merged: reopens ? await mergedOf(tx, tickets) : new Set(),
    plans,
  }
}

async function readMatrix(tx: Tx): Promise<Cell[]> {
  return tx.db.selectFrom('priority_matrix').select(['impact', 'urgency', 'priority']).execute()
}

const idsOf = (tickets: Ticket[]) => tickets.map(({ id }) => id)

async function tagsOf(tx: Tx, tickets: Ticket[]): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<{ ticket_id: string; tags: string[] }>`
    select ticket_id, array_agg(tag_id) as tags from ticket_tag
    where ticket_id = any(${idsOf(tickets)}::uuid[]) group by ticket_id`.execute(tx.db)
  return new Map(rows.map(({ ticket_id, tags }) => [ticket_id, new Set(tags)]))
}

async function mergedOf(tx: Tx, tickets: Ticket[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select from_id as id from ticket_merge
    where from_id = any(${idsOf(tickets)}::uuid[]) and undone_at is null`.execute(tx.db)
  return new Set(rows.map(({ id }) => id))
}

/** Of tickets that changed since they were seen, the columns of their wishes that others changed. */
export async function changedSince(tx: Tx, wished: Wished[]): Promise<Map<string, string[]>> {
  const asked = wished
    .filter(({ ticket, seen }) => seen !== undefined && seen !== ticket.revision)
    .map(({ ticket, wish, seen }) => ({ id: ticket.id, seen, columns: columnsOf(wish) }))
  if (asked.length === 0) return new Map()
  const { rows } = await sql<{ id: string; columns: string[] }>`
    select g.id, array_agg(distinct c.name) as columns
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as g(id uuid, seen int, columns text[])
    join activity a on a.ticket_id = g.id and a.revision > g.seen and a.subject_id = g.id,
      unnest(g.columns) as c(name)
    where (a.after ? c.name and a.after -> c.name is distinct from a.before -> c.name)
      or (c.name like 'fields.%' and a.verb = 'edit' and a.after -> 'fields' ? substr(c.name, 8))
    group by g.id`.execute(tx.db)
  return new Map(rows.map(({ id, columns }) => [id, columns]))
}
