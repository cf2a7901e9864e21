import type { Db, Impact, Priority } from '@tocsin/db'
import { sql } from 'kysely'
import { type Actor, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { requestRecomputation } from '../sla/index.ts'
import type { Accounts } from './accounts.ts'
import { knownNames } from './known-names.ts'
import { type Held, lockImport } from './life.ts'
import { holdNames, matchNames, namesIn, noNames } from './names.ts'
import { plannedOnce } from './plan.ts'
import { type Item, readItems } from './read-items.ts'
import { handBack } from './hand-back.ts'
import { addToReport } from './report.ts'
import type { Matrix, ToldTicket } from './tell.ts'
import { writeTickets } from './write.ts'

/** Tickets in a transaction: large enough that statements cost little, small enough that a cancel waits little. */
const BATCH = 400
/** While Postgres writes one batch, another is read. */
const AT_ONCE = 2

/**
 * Takes the next batches of an import that is being checked or under way, each in one transaction with what it did: a
 * killed engine leaves nothing half done, and any other goes on. Answers how many tickets it took.
 */
export async function sweepImports(db: Db): Promise<number> {
  const taken = await Promise.all(Array.from({ length: AT_ONCE }, () => takeBatch(db)))
  return taken.reduce((sum, one) => sum + one, 0)
}

type Working = Pick<Held, 'id' | 'state' | 'columns' | 'form' | 'mapping'> & {
  accounts: Accounts
  author: string | null
  /** When this check, or the import itself, was asked for. */
  begun: Date | null
}

/** The import was ended while a batch of it was under way: what the batch wrote is taken back. */
class Ended extends Error {}

async function takeBatch(db: Db): Promise<number> {
  let remember = () => {}
  try {
    const taken = await transact(db, SYSTEM, async (tx) => {
      const { rows } = await sql<Working>`
        select id, state, columns, form, mapping, accounts, author_id as author, started_at as begun from import
        where state in ('checking', 'running') order by created_at limit 1`.execute(tx.db)
      const given = rows[0]
      if (!given) return 0
      const items = await claimItems(tx, given.id)
      // Whoever asked for the import is the one who did it.
      const actor: Actor = given.author ? { kind: 'person', id: given.author } : SYSTEM
      if (items.length === 0) return finish({ ...tx, actor }, given.id)
      remember = await work({ ...tx, actor }, given, items)
      return items.length
    })
    remember()
    return taken
  } catch (error) {
    if (error instanceof Ended) return 0
    throw error
  }
}

/** Some tickets that nobody else is at. */
async function claimItems(tx: Tx, id: string): Promise<Item[]> {
  const { rows } = await sql<{ key: string; rows: string | null }>`
    with taken as materialized (
      select key, position, rows from import_item where import_id = ${id} and not done
      order by position limit ${BATCH} for update skip locked)
    select key, (select string_agg(r.cells::text, ',' order by r.position) from import_row r
                 where r.import_id = ${id} and r.position = any(t.rows)) as rows
    from taken t order by position`.execute(tx.db)
  // As texts, because a jsonb of all of them is built cell by cell.
  // Without them it was ended in this moment.
  return rows.flatMap(({ key, rows: cells }) =>
    cells === null ? [] : [{ key, rows: JSON.parse(`[${cells}]`) as string[][] }],
  )
}

/** Answers what is to be remembered once it is committed. */
async function work(tx: Tx, given: Working, items: Item[]): Promise<() => void> {
  const plan = plannedOnce(given)
  const { mapping } = plan
  const read = readItems(items, plan, await readMatrix(tx), tx.now.getTime())
  const known = knownNames(given.id, given.begun)
  const used = known.missing(namesIn(read.tickets))
  let learned = noNames()
  let taken = read.tickets
  let written = new Map<string, string>()
  if (given.state === 'running') {
    learned = await holdNames(tx, { id: given.id, mapping }, used)
    const target = { importId: given.id, source: mapping.source, meaning: known.with(learned) }
    written = await writeTickets(tx, target, read.tickets)
    taken = read.tickets.filter(({ externalId }) => written.has(externalId))
  } else {
    await matchNames(tx, { id: given.id, source: mapping.source }, used)
    const here = await alreadyHere(tx, mapping.source, read.tickets)
    taken = read.tickets.filter(({ externalId }) => !here.has(externalId))
  }
  const outcomes = items.map(({ key }) => ({
    key,
    ticket_id: written.get(key) ?? null,
    problem: read.problems.get(key) ?? null,
  }))
  await sql`
    update import_item i set done = true, ticket_id = g.ticket_id, problem = g.problem
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as g(key text, ticket_id uuid, problem jsonb)
    where i.import_id = ${given.id} and i.key = g.key`.execute(tx.db)
  await handBack(tx, given.id, read.problems)
  // Last, because batches wait for each other here.
  const { state, report } = await lockImport(tx.db, given.id)
  if (state !== given.state) throw new Ended()
  const next = addToReport(report, {
    tickets: taken,
    refused: read.problems.size,
    already: read.tickets.length - taken.length,
    unknown: read.unknown,
  })
  await sql`update import set report = ${JSON.stringify(next)}::jsonb, revision = revision + 1 where id = ${given.id}`.execute(
    tx.db,
  )
  return () => known.add(used, learned)
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

/**
 * A finished import keeps its report and the rows that it hands back; names and texts of the others go. While another
 * is still at its last tickets there is nothing to be done.
 */
async function finish(tx: Tx, id: string): Promise<number> {
  const held = await lockImport(tx.db, id)
  if (held.state !== 'checking' && held.state !== 'running') return 0
  const { rows: left } = await sql`
    select from import_item where import_id = ${id} and not done limit 1`.execute(tx.db)
  if (left.length > 0) return 0
  if (held.state === 'checking') {
    const { rows } = await sql<{ kind: string; made: number; found: number }>`
      select kind, count(*) filter (where id is null)::int as made, count(id)::int as found
      from import_name where import_id = ${id} group by kind`.execute(tx.db)
    const counted = (what: 'made' | 'found') =>
      Object.fromEntries(rows.filter((row) => row[what] > 0).map((row) => [row.kind, row[what]]))
    const report = { ...held.report, new_names: counted('made'), matched_names: counted('found') }
    await sql`
      update import set state = 'checked', report = ${JSON.stringify(report)}::jsonb, revision = revision + 1
      where id = ${id}`.execute(tx.db)
    return 1
  }
  await sql`delete from import_row where import_id = ${id} and problem is null`.execute(tx.db)
  await sql`delete from import_name where import_id = ${id}`.execute(tx.db)
  // What is still open is promised something here from now on.
  await requestRecomputation(tx, { kind: 'import', id })
  await sql`
    update import set state = 'done', ended_at = ${tx.now}, revision = revision + 1,
      report = ${JSON.stringify({ ...held.report, samples: [] })}::jsonb
    where id = ${id}`.execute(tx.db)
  return 1
}
