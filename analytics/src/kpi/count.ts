import { sql } from 'kysely'
import { z } from 'zod'
import type { Store } from '../store/store.ts'
import { type Columns, keyInRecord, keyInStore, keyText } from './divide.ts'
import type { Figure, Figures, Postgres, Question } from './kpi.ts'
import { narrowInRecord, narrowInStore, paramsOf } from './narrow.ts'

/** Where a KPI's items come from in one engine, and how they are counted together. All of it SQL text. */
export interface Source {
  from: string
  /** The instant that books an item to a period. */
  at: string
  where?: string
  columns: Columns
  /** What each item carries into the sums. */
  measures?: Record<string, string>
  /** Aggregates over the measures; columns of the row that `read` takes. */
  figures: string
}

/** Items counted whole and by key, in both engines by the same rule of reading. */
export interface Count<Row extends z.ZodType> {
  name: string
  clickhouse: Source
  postgres: Source
  row: Row
  read: (row: z.output<Row>) => Figure
}

const grouped = z.object({ whole: z.coerce.number(), key_text: z.string() })

export async function countInStore<Row extends z.ZodType>(
  store: Store,
  question: Question,
  { name, clickhouse: source, row, read }: Count<Row>,
): Promise<Figures> {
  const { from, at, where = 'true', columns, figures } = source
  // Undivided, the one key is the whole: counting it twice takes twice as long.
  const undivided = question.by === 'none'
  const rows = await store.ask({
    name: `kpi ${name}`,
    text: `
      select ${undivided ? '1' : 'grouping(key)'} as whole, ${keyText(question.by)} as key_text, ${figures}
      from (
        select ${keyInStore(question.by, at, columns)} as key${listed(source)}
        from ${from}
        where ${at} >= {from:DateTime64(3, 'UTC')} and ${at} < {to:DateTime64(3, 'UTC')}
          and ${where} and ${narrowInStore(question, columns)}
      ) group by ${undivided ? 'key' : 'grouping sets ((), (key))'}`,
    params: paramsOf(question),
    row: grouped.and(row),
  })
  return gather(undivided ? rows.flatMap((one) => [one, { ...one, whole: 0 }]) : rows, row, read)
}

export async function countInRecord<Row extends z.ZodType>(
  record: Postgres,
  question: Question,
  { postgres: source, row, read }: Count<Row>,
): Promise<Figures> {
  const { from, at, where = 'true', columns, figures } = source
  const { rows } = await sql`
    select grouping(key) as whole, coalesce(key, '') as key_text, ${sql.raw(figures)}
    from (
      select ${keyInRecord(question.by, at, question.zone, columns)} as key${sql.raw(listed(source))}
      from ${sql.raw(from)}
      where ${sql.raw(at)} >= ${question.from}::timestamptz and ${sql.raw(at)} < ${question.to}::timestamptz
        and ${sql.raw(where)} and ${narrowInRecord(question, columns)}
    ) items group by grouping sets ((), (key))`.execute(record)
  return gather(z.array(grouped.and(row)).parse(rows), row, read)
}

const listed = ({ measures = {} }: Source): string =>
  Object.entries(measures)
    .map(([name, expression]) => `, ${expression} as ${name}`)
    .join('')

function gather<Row extends z.ZodType>(
  rows: (z.output<typeof grouped> & z.output<Row>)[],
  row: Row,
  read: (row: z.output<Row>) => Figure,
): Figures {
  const whole = rows.find((each) => each.whole === 1)
  return {
    // ClickHouse answers no row for a sum over nothing.
    whole: read(whole ?? row.parse({})),
    series: Object.fromEntries(
      rows.filter((each) => each.whole === 0).map((each) => [each.key_text, read(each)]),
    ),
  }
}
