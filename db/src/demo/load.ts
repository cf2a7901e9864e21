import pg from 'pg'
import type { Tables } from '../types.ts'

type Table = keyof Tables

/** Sends rows table by table while further ones are being invented. */
export interface Load {
  /** Every row of a table must name the columns of its first. */
  add: <T extends Table>(table: T, ...rows: Partial<Record<keyof Tables[T], unknown>>[]) => void
  /** Lets the database take what is waiting for it; to be awaited now and then. */
  breathe: () => Promise<void>
  /** Sends the rest, and makes the tables as fast to read as they were. */
  finish: () => Promise<void>
}

const BATCH = 4_000

/** Columns that only the database can compute, and how, from the other columns of the row. */
const COMPUTED: Partial<Record<Table, Record<string, string>>> = {
  ticket: { search: `search_document(title || ' ' || description)` },
}
/** Only when all messages have come can a ticket be found by what was said about it. */
const SAID = `
  update ticket t set search =
    search_joined(search_joined(t.search, search_message('reply', m.replies)), search_message('note', m.notes))
  from (select ticket_id, coalesce(string_agg(body, ' ') filter (where kind = 'reply'), '') as replies,
               coalesce(string_agg(body, ' ') filter (where kind = 'note'), '') as notes
        from message group by ticket_id) m
  where t.id = m.ticket_id`
/** What triggers would have kept, had they fired. */
const ANSWERED = `
  insert into ticket_answer (ticket_id, key, number, words)
  select t.id, a.key, a.number, a.words from ticket t, answers_of(t.fields) a where t.fields <> '{}'`
/** Where nearly all rows go. */
const LARGE: Table[] = ['activity', 'ticket', 'ticket_state', 'message', 'sla_clock', 'page', 'tally']

/** Everything happens inside the client's transaction. */
export async function createLoad(client: pg.Client): Promise<Load> {
  // The rows refer to one another as they were invented; looking each reference up again takes as long as
  // writing the rows. test/promises/demo.test.ts looks at all of them.
  await client.query('set local session_replication_role = replica')
  const indexes = await dropIndexes(client, LARGE)
  const gathered = new Map<Table, { columns: string[]; lines: string[] }>()
  let sent: Promise<void> = Promise.resolve()

  const pack = (table: Table, held: { columns: string[]; lines: string[] }) => {
    const data = Buffer.from(held.lines.join(''))
    held.lines = []
    sent = sent.then(() => sendBatch(client, table, held.columns, data))
    // Whoever finishes hears of it.
    sent.catch(() => undefined)
  }
  return {
    add: (table, ...rows) => {
      for (const row of rows as Record<string, unknown>[]) {
        let held = gathered.get(table)
        if (!held) gathered.set(table, (held = { columns: Object.keys(row), lines: [] }))
        held.lines.push(lineOf(held.columns, row))
        if (held.lines.length === BATCH) pack(table, held)
      }
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    finish: async () => {
      for (const [table, held] of gathered) if (held.lines.length > 0) pack(table, held)
      await sent
      await client.query(SAID)
      await client.query(ANSWERED)
      for (const index of indexes) await client.query(index)
    },
  }
}

async function sendBatch(client: pg.Client, table: Table, columns: string[], batch: Buffer): Promise<void> {
  const quoted = columns.map((column) => pg.escapeIdentifier(column)).join()
  const computed = COMPUTED[table]
  if (!computed) return copyIn(client, `copy ${table} (${quoted}) from stdin`, batch)
  await client.query(`create temp table given on commit drop as select ${quoted} from ${table} limit 0`)
  await copyIn(client, `copy given (${quoted}) from stdin`, batch)
  await client.query(`
    insert into ${table} (${quoted}, ${Object.keys(computed).join()})
    select ${quoted}, ${Object.values(computed).join()} from given`)
  await client.query('drop table given')
}

/**
 * Drops the indexes that no key rests on, and answers the statements that make them again: over a whole table
 * that is three times faster than row by row.
 */
async function dropIndexes(client: pg.Client, tables: Table[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; made: string }>(
    `select indexrelid::regclass::text as name, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') as made
     from pg_index where not indisunique and indrelid = any($1::regclass[])`,
    [tables],
  )
  if (rows.length > 0) await client.query(`drop index ${rows.map(({ name }) => name).join()}`)
  return rows.map(({ made }) => made)
}

/** What pg's types leave out: it speaks COPY, but refuses it unless its query is taught what to send. */
interface CopyConnection {
  sendCopyFromChunk: (chunk: Buffer) => void
  endCopyFrom: () => void
}

class CopyIn extends pg.Query {
  readonly data: Buffer

  constructor(text: string, data: Buffer, done: (error?: Error | null) => void) {
    super(text, done)
    this.data = data
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.data)
    connection.endCopyFrom()
  }
}

function copyIn(client: pg.Client, text: string, data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(text, data, (error) => (error ? reject(error) : resolve())))
  })
}

function lineOf(columns: string[], row: Record<string, unknown>): string {
  return `${columns.map((column) => fieldOf(row[column])).join('\t')}\n`
}

/** A value in the text format of COPY. */
function fieldOf(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return value.toISOString()
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (found) => ESCAPED[found]!) : text
}

const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
