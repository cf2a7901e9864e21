import { stageImport, SYSTEM } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, importsOf, setClockOffset, someone, testApi, type TestDatabase } from '../harness/index.ts'

/** What cannot be imported comes back with its reasons, can be mended and sent again; what is here stays as it is. */

let record: TestDatabase
let imports: ReturnType<typeof importsOf>
beforeAll(async () => {
  record = await database()
  const { key } = await someone(record.db, [{ role: 'administrator' }])
  imports = importsOf(record, testApi(record.db), key)
})
afterAll(() => record.drop())

const titles = async (source: string) => {
  const { rows } = await sql<{ key: string; title: string; state: string; lines: number }>`
    select t.external_id as key, t.title, t.state, t.revision::int as lines
    from ticket t where t.source = ${source} order by t.external_id`.execute(record.db)
  return rows
}
const head = 'Ticket,Subject,Status,Opened on,Updated on,SLA met'

describe('what is handed back', () => {
  it('stays with its reasons when the import is ended, before it has begun as in its midst', async () => {
    const file = `${head}\n1,a,open,2024-01-12,2024-01-12,\n2,b,open,soon,2024-01-12,\n3,c,open\n`
    const { body } = await imports.tried(file, { source: 'ended' })
    expect(body).toMatchObject({ state: 'checked', refused_rows: 2 })
    const ended = await imports.ask('POST', `${body.id}/cancel`)
    expect(ended.body).toMatchObject({ state: 'cancelled', refused_rows: 2 })
    expect((await imports.ask('GET', `${body.id}/refused`)).body.items).toMatchObject([
      { line: 3, field: 'created_at', value: 'soon' },
      { line: 4, message: 'has 3 cells, and the header has 6' },
    ])
    expect(await imports.refusedCsv(body.id)).toContain('created_at “soon” is not a date of the forms given')
    const { rows } = await sql`select from import_row where import_id = ${body.id}`.execute(record.db)
    expect(rows.length).toBe(2)
    // A file that nobody has tried goes whole.
    const other = await imports.upload(file)
    await imports.ask('POST', `${other.body.id}/cancel`)
    expect((await imports.ask('GET', other.body.id)).body.refused_rows).toBe(0)
  })

  it('comes in once it is mended in its own file, as it was written', async () => {
    const file = `${head}\n1,=1+1 is not two,open,2024-01-12,2024-01-12,\n2,-20 degrees in the server room,open,soon,2024-01-12,\n3,@all,closed,later,2024-01-13,yes\n`
    const first = await imports.bringIn(file, { source: 'mended' })
    expect(first).toMatchObject({ refused_rows: 2, report: { tickets: 1 } })
    const csv = await imports.refusedCsv(first.id)
    expect(csv).toContain("'-20 degrees")
    const half = await imports.bringIn(
      csv.replace('soon', '2024-01-12'),
      { source: 'mended' },
      'x-refused.csv',
    )
    expect(half).toMatchObject({ refused_rows: 1, report: { tickets: 1, unused_columns: [] } })
    const again = await imports.refusedCsv(half.id)
    // Reasons do not pile up.
    expect(again.split('\n')[0]).toBe(`${head},refused_because`)
    await imports.bringIn(again.replace('later', '2024-01-12'), { source: 'mended' }, 'x-refused-refused.csv')
    expect((await titles('mended')).map(({ title }) => title)).toEqual([
      '=1+1 is not two',
      '-20 degrees in the server room',
      '@all',
    ])
  })

  it('keeps the line by which it is called, where the file numbers nothing', async () => {
    const mapping = { source: 'lines' }
    const first = await imports.bringIn('Subject,Opened on\na,2024-01-12\nb,soon\nc,2024-01-12\n', mapping)
    expect(first).toMatchObject({ refused_rows: 1, report: { tickets: 2 } })
    const csv = await imports.refusedCsv(first.id)
    expect(csv).toBe(
      'Subject,Opened on,refused_line,refused_because\nb,soon,3,created_at “soon” is not a date of the forms given\n',
    )
    const second = await imports.bringIn(csv.replace('soon', '2024-01-12'), mapping)
    expect(second.report).toMatchObject({ tickets: 1, already: 0, unused_columns: [] })
    expect((await titles('lines')).map(({ key, title }) => [key, title])).toEqual([
      ['line-2', 'a'],
      ['line-3', 'b'],
      ['line-4', 'c'],
    ])
  })
})

describe('the same history again', () => {
  const rows = [
    '1,a,open,2024-01-12 08:00,2024-01-12 09:00,',
    '1,a,in progress,2024-01-12 08:00,2024-01-12 10:00,',
  ]
  const two = '2,b,closed,2024-01-12 08:00,2024-01-12 12:00,no'
  const more = '1,a,closed,2024-01-12 08:00,2024-01-13 10:00,yes'

  it('brings nothing twice, and of an extended file what is new', async () => {
    const mapping = { source: 'again', rows: 'update' }
    expect((await imports.bringIn([head, ...rows, two].join('\n'), mapping)).report.tickets).toBe(2)
    const before = await titles('again')
    expect((await imports.bringIn([head, ...rows, two].join('\n'), mapping)).report).toMatchObject({
      tickets: 0,
      already: 2,
    })
    const three = '3,c,open,2024-02-12 08:00,2024-02-12 08:00,'
    expect(
      (await imports.bringIn([head, ...rows, more, two, three].join('\n'), mapping)).report,
    ).toMatchObject({
      tickets: 1,
      already: 2,
    })
    expect((await titles('again')).slice(0, 2)).toEqual(before)
    const { rows: outcomes } = await sql<{ state: string }>`
      select c.state from sla_clock c join ticket t on t.id = c.ticket_id
      where t.source = 'again' and c.imported`.execute(record.db)
    expect(outcomes).toEqual([{ state: 'breached' }])
  })
})

describe('an upload that stands still', () => {
  const many = `id,title\n${`1,${'a'.repeat(140)}\n`.repeat(2_000)}`
  it.each([
    [
      'with its last rows',
      async function* () {
        yield Buffer.from(many)
        await setClockOffset(record.ownerUrl, '61 minutes')
      },
    ],
    [
      'with rows to come',
      async function* () {
        yield Buffer.from(many)
        await setClockOffset(record.ownerUrl, '61 minutes')
        yield Buffer.from('2,b\n'.repeat(3_000))
      },
    ],
  ])('is given up even where nobody has swept it yet: %s', async (_name, bytes) => {
    try {
      await expect(
        stageImport(record.db, SYSTEM, { name: 'still.csv', bytes: bytes() }),
      ).rejects.toMatchObject({
        code: 'conflict',
      })
      const { rows } = await sql`select from import where name = 'still.csv'`.execute(record.db)
      expect(rows).toEqual([])
    } finally {
      await setClockOffset(record.ownerUrl, '0')
    }
  })
})
