import type { Db, Impact, Priority, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { type Actor, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { requestRecomputation } from '../sla/index.ts'
import { type Held, lockImport } from './life.ts'
import { Mapping } from './mapping.ts'
import { createNames, matchNames, namesIn } from './names.ts'
import { type Plan, planImport } from './plan.ts'
import { type Problem, readRow, type RowFacts, type Unknown } from './read-row.ts'
import { addToReport } from './report.ts'
import { type Matrix, tellTicket, type ToldTicket } from './tell.ts'
import { writeTickets } from './write.ts'

/** Tickets in a transaction: large enough that statements cost little, small enough that a cancel waits little. */
const BATCH = 400

/**
 * Takes the next batch of an import that is being checked or under way, in one transaction with what it did: a
 * killed engine leaves nothing half done, and any other goes on. Answers how many tickets it took.
 */
export async function sweepImports(db: Db): Promise<number> {
  let id: string | undefined
  const claim = async (trx: Transaction<Tables>) => {
    const { rows } = await sql<{ id: string }>`
      select id from import where state in ('checking', 'running') order by created_at limit 1
      for update skip locked`.execute(trx)
    id = rows[0]?.id
  }
  return transact(
    db,
    SYSTEM,
    async (tx) => (id ? work(await asAuthor(tx, id), await lockImport(tx.db, id)) : 0),
    claim,
  )
}

/** Whoever asked for the import is the one who did it. */
async function asAuthor(tx: Tx, id: string): Promise<Tx> {
  const { rows } = await sql<{
    author: string | null
  }>`select author_id as author from import where id = ${id}`.execute(tx.db)
  const author = rows[0]?.author
  const actor: Actor = author ? { kind: 'person', id: author } : SYSTEM
  return { ...tx, actor }
}

interface Item {
  key: string
  rows: string[][]
}

async function work(tx: Tx, held: Held): Promise<number> {
  const mapping = Mapping.parse(held.mapping)
  const items = await nextItems(tx, held.id)
  if (items.length === 0) {
    await finish(tx, held)
    return 1
  }
  const read = readItems(items, planImport(mapping, held.columns), await readMatrix(tx), tx.now.getTime())
  const used = namesIn(read.tickets)
  await matchNames(tx, { id: held.id, source: mapping.source }, used)
  let taken = read.tickets
  const written = new Map<string, string>()
  if (held.state === 'running') {
    const names = await createNames(tx, { id: held.id, mapping }, used)
    const rows = await writeTickets(tx, { importId: held.id, source: mapping.source, names }, read.tickets)
    for (const { externalId, id } of rows) written.set(externalId, id)
    taken = read.tickets.filter(({ externalId }) => written.has(externalId))
  } else {
    const known = await alreadyHere(tx, mapping.source, read.tickets)
    taken = read.tickets.filter(({ externalId }) => !known.has(externalId))
  }
  const outcomes = items.map(({ key }) => ({
    key,
    ticket_id: written.get(key) ?? null,
    problem: read.problems.get(key) ?? null,
  }))
  await sql`
    update import_item i set done = true, ticket_id = g.ticket_id, problem = g.problem
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as g(key text, ticket_id uuid, problem jsonb)
    where i.import_id = ${held.id} and i.key = g.key`.execute(tx.db)
  const report = addToReport(held.report, {
    tickets: taken,
    refused: read.problems.size,
    already: read.tickets.length - taken.length,
    unknown: read.unknown,
  })
  await sql`update import set report = ${JSON.stringify(report)}::jsonb, revision = revision + 1 where id = ${held.id}`.execute(
    tx.db,
  )
  return items.length
}

async function nextItems(tx: Tx, id: string): Promise<Item[]> {
  const { rows } = await sql<Item>`
    select i.key, (select jsonb_agg(r.cells order by r.position) from import_row r
                   where r.import_id = i.import_id and r.position = any(i.rows)) as rows
    from (select import_id, key, position, rows from import_item
          where import_id = ${id} and not done order by position limit ${BATCH}) i
    order by i.position`.execute(tx.db)
  return rows
}

/** Tickets out of rows; one whose row cannot be read is handed back whole, because half a history would be a wrong one. */
export function readItems(items: Item[], plan: Plan, matrix: Matrix, now: number) {
  const tickets: ToldTicket[] = []
  const problems = new Map<string, Problem>()
  const unknown: Unknown[] = []
  const given = new Set(Object.keys(plan.instants).filter((field) => plan.instants[field as 'at']))
  for (const { key, rows } of items) {
    const facts: RowFacts[] = []
    for (const cells of rows) {
      const row = readRow(plan, cells, now)
      if ('message' in row) {
        if (!problems.has(key)) problems.set(key, row)
        continue
      }
      facts.push(row.facts)
      unknown.push(...row.unknown)
    }
    if (problems.has(key)) continue
    const told = tellTicket(key, facts, { updates: plan.mapping.rows === 'update', matrix, given })
    if ('message' in told) problems.set(key, told)
    else tickets.push(told)
  }
  return { tickets, problems, unknown }
}

async function readMatrix(tx: Tx): Promise<Matrix> {
  const rows = await tx.db.selectFrom('priority_matrix').selectAll().execute()
  const matrix = { high: {}, medium: {}, low: {} } as Record<Impact, Record<Impact, Priority>>
  for (const { impact, urgency, priority } of rows) matrix[impact][urgency] = priority
  return matrix
}

async function alreadyHere(tx: Tx, source: string, tickets: ToldTicket[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`
    select external_id as key from ticket
    where source = ${source} and external_id = any(${tickets.map(({ externalId }) => externalId)}::text[])`.execute(
    tx.db,
  )
  return new Set(rows.map(({ key }) => key))
}

/** A finished import keeps its report and the rows that it hands back; names and texts of the others go. */
async function finish(tx: Tx, held: Held): Promise<void> {
  if (held.state === 'checking') {
    const { rows } = await sql<{ kind: string; count: number }>`
      select kind, count(*)::int as count from import_name where import_id = ${held.id} and id is null group by kind`.execute(
      tx.db,
    )
    const report = {
      ...held.report,
      new_names: Object.fromEntries(rows.map(({ kind, count }) => [kind, count])),
    }
    await sql`
      update import set state = 'checked', report = ${JSON.stringify(report)}::jsonb, revision = revision + 1
      where id = ${held.id}`.execute(tx.db)
    return
  }
  await sql`
    delete from import_row r where r.import_id = ${held.id} and r.problem is null and r.position in (
      select unnest(i.rows) from import_item i where i.import_id = ${held.id} and i.problem is null)`.execute(
    tx.db,
  )
  await sql`delete from import_name where import_id = ${held.id}`.execute(tx.db)
  // What is still open is promised something here from now on.
  await requestRecomputation(tx, { kind: 'import', id: held.id })
  await sql`
    update import set state = 'done', ended_at = ${tx.now}, revision = revision + 1,
      report = ${JSON.stringify({ ...held.report, samples: [] })}::jsonb
    where id = ${held.id}`.execute(tx.db)
}
