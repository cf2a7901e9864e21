import type { Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { readAccounts } from './accounts.ts'
import type { FileForm } from './file/index.ts'
import { Mapping } from './mapping.ts'
import { orderOf, shapeOfRows } from './order.ts'
import { type Plan, planImport } from './plan.ts'
import { takeBack } from './hand-back.ts'
import { emptyReport, type Report } from './report.ts'

export type ImportState = 'mapping' | 'checking' | 'checked' | 'running' | 'done' | 'cancelled'
type Step = 'map' | 'check' | 'start' | 'cancel'

/** The life of an import: what a person may ask for, in which state. Mapping anew undoes a check. */
export const IMPORT_STEPS: Record<Step, { from: ImportState[]; to: ImportState }> = {
  map: { from: ['mapping', 'checked'], to: 'mapping' },
  check: { from: ['mapping', 'checked'], to: 'checking' },
  start: { from: ['checked'], to: 'running' },
  cancel: { from: ['mapping', 'checking', 'checked', 'running'], to: 'cancelled' },
}

const WORDS: Record<ImportState, string> = {
  mapping: 'waiting for its mapping',
  checking: 'being checked',
  checked: 'checked',
  running: 'under way',
  done: 'done',
  cancelled: 'cancelled',
}

export interface Held {
  id: string
  state: ImportState
  columns: string[]
  form: FileForm
  mapping: Mapping | null
  report: Report
  items: number
}

/** The import, locked, but not against those who only add rows that name it. Throws `not_found`. */
export async function lockImport(db: Transaction<Tables>, id: string): Promise<Held> {
  const { rows } = await sql<Held>`
    select id, state, columns, form, mapping, report, items from import where id = ${id} for no key update`.execute(
    db,
  )
  return found(rows[0], 'import')
}

async function step(tx: Tx, id: string, name: Step): Promise<Held> {
  const held = await lockImport(tx.db, id)
  const { from, to } = IMPORT_STEPS[name]
  if (!from.includes(held.state))
    throw new DeskError('conflict', `This is not possible while the import is ${WORDS[held.state]}.`)
  await sql`update import set state = ${to}, revision = revision + 1 where id = ${id}`.execute(tx.db)
  await record(tx, [
    {
      verb: name,
      subject: { kind: 'import', id },
      before: { state: held.state },
      after: { state: to },
      visibility: 'audit',
    },
  ])
  return held
}

/**
 * Says what the columns mean, and gathers the rows that tell of one ticket. Throws `invalid` where the mapping does
 * not fit the file.
 */
export async function mapImport(tx: Tx, id: string, mapping: Mapping): Promise<void> {
  const held = await step(tx, id, 'map')
  const plan = planImport(mapping, held.columns, held.form)
  const cell = (place: number) => sql`left(nullif(btrim(cells ->> ${sql.lit(place)}), ''), 200)`
  const { number } = plan
  const key =
    typeof number === 'number'
      ? cell(number)
      : sql`${number.line}::text || ${number.place === undefined ? sql`position` : sql`coalesce(${cell(number.place)}, position::text)`}`
  await takeBack(tx, id)
  await sql`delete from import_item where import_id = ${id}`.execute(tx.db)
  await sql`delete from import_name where import_id = ${id}`.execute(tx.db)
  await sql`
    update import_row set problem = null where import_id = ${id} and problem ->> 'field' = 'number'`.execute(
    tx.db,
  )
  await sql`
    update import_row set problem = '{"field":"number","value":"","message":"is missing"}'
    where import_id = ${id} and problem is null and (${key} is null or lower(${key}) = any(${mapping.missing.map((word) => word.toLowerCase())}::text[]))`.execute(
    tx.db,
  )
  const { rows } = await sql<{ items: number }>`
    with made as (
      insert into import_item (import_id, key, position, rows)
      select ${id}, ${key}, min(position), array_agg(position order by position)
      from import_row where import_id = ${id} and problem is null group by 2
      returning 1)
    select count(*)::int as items from made`.execute(tx.db)
  const { items } = rows[0]!
  const shown = { ...mapping, rows: await shapeOf(tx, id, plan) }
  const order = await readOrder(tx, id, { ...plan, mapping: shown })
  const accounts = plan.comments.length > 0 ? await readAccounts(tx, id, plan.accountColumns) : {}
  await sql`
    update import set accounts = ${JSON.stringify(accounts)}::jsonb, mapping = ${JSON.stringify({ ...shown, order })}::jsonb, items = ${items},
      report = ${JSON.stringify(emptyReport(plan))}::jsonb
    where id = ${id}`.execute(tx.db)
}

/**
 * Whether a row is a ticket or an update of one. A file without the instant of each row can only be the first; so is one
 * in which a few numbers stand twice, for in a log of updates most do.
 */
async function shapeOf(tx: Tx, id: string, { mapping, given }: Plan): Promise<'ticket' | 'update'> {
  if (mapping.rows !== 'auto') return mapping.rows
  if (!given.has('at')) return 'ticket'
  const { rows } = await sql<{ several: number; items: number }>`
    select count(*) filter (where cardinality(rows) > 1)::int as several, count(*)::int as items
    from import_item where import_id = ${id}`.execute(tx.db)
  const { several, items } = rows[0]!
  return shapeOfRows(several, items)
}

const LOOKED_AT = 500

async function readOrder(tx: Tx, id: string, plan: Plan): Promise<Mapping['order']> {
  const { mapping, readInstants } = plan
  const read = readInstants.find(([field]) => field === 'at')?.[1]
  if (mapping.order !== 'auto' || mapping.rows !== 'update' || !read) return mapping.order
  const { rows } = await sql<{ rows: string[][] }>`
    select (select jsonb_agg(r.cells order by r.position) from import_row r
            where r.import_id = ${id} and r.position = any(i.rows)) as rows
    from (select rows from import_item where import_id = ${id} and cardinality(rows) > 1
          order by position limit ${LOOKED_AT}) i`.execute(tx.db)
  const instantOf = (cells: string[]) => {
    const text = read(cells)
    return text === null ? null : (plan.instant(text) ?? null)
  }
  return orderOf(rows.map((ticket) => ticket.rows.map(instantOf)))
}

/** Asks for a dry run over the whole file; an engine does it, batch by batch. */
export async function checkImport(tx: Tx, id: string): Promise<void> {
  const held = await step(tx, id, 'check')
  if (!held.mapping) throw new DeskError('conflict', 'Say first what the columns mean.')
  await begin(tx, held)
}

/** Asks for the import itself. */
export async function startImport(tx: Tx, id: string): Promise<void> {
  await begin(tx, await step(tx, id, 'start'))
}

async function begin(tx: Tx, held: Held): Promise<void> {
  await takeBack(tx, held.id)
  await sql`update import_item set done = false, problem = null where import_id = ${held.id}`.execute(tx.db)
  await sql`
    update import set started_at = ${tx.now}, report = ${JSON.stringify(emptyReport({ unused: held.report.unused_columns, dates: held.report.dates }))}::jsonb
    where id = ${held.id}`.execute(tx.db)
  await sql`select pg_notify('due', 'imports')`.execute(tx.db)
}

/** What was imported so far stays, and what was handed back; the rest of the file is dropped. */
export async function cancelImport(tx: Tx, id: string): Promise<void> {
  const { state } = await step(tx, id, 'cancel')
  // Nobody has tried yet what can be read of it.
  const handedBack = state === 'mapping' ? sql`false` : sql`problem is not null`
  await sql`delete from import_row where import_id = ${id} and not ${handedBack}`.execute(tx.db)
  await sql`update import set ended_at = ${tx.now} where id = ${id}`.execute(tx.db)
}
