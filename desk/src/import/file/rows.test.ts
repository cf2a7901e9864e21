import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvReader, MOST_CELL } from './rows.ts'

function read(text: string, delimiter = ',', size = text.length || 1) {
  const reader = new CsvReader(delimiter)
  const rows = []
  for (let at = 0; at < text.length; at += size) rows.push(...reader.push(text.slice(at, at + size)))
  rows.push(...reader.push('', true))
  return rows
}
const cells = (text: string, delimiter?: string) => read(text, delimiter).map((row) => row.cells)

describe('rows of a file', () => {
  it.each<[string, string, string[][]]>([
    [
      'plain',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'CRLF and no last line break',
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'CR alone',
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'empty lines',
      '\n\na,b\n\n  \n1,2\n\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['quoted line breaks and delimiters', '"a\nb","c,d"\n', [['a\nb', 'c,d']]],
    ['doubled quotes', '"say ""yes""",x\n', [['say "yes"', 'x']]],
    ['an empty quoted cell', '"",x\n', [['', 'x']]],
    ['a quote within a cell', 'a 3" pipe,x\n', [['a 3" pipe', 'x']]],
    [
      'quotes that nobody doubled',
      '"he said "yes" to me, and left",x\n',
      [['he said "yes" to me, and left', 'x']],
    ],
    ['spaces around quotes', 'a, "b, c" ,d\n', [['a', 'b, c', 'd']]],
    [
      'a quote that never closes',
      'a,b\n1,"open\n2,y\n',
      [
        ['a', 'b'],
        ['1', '"open'],
        ['2', 'y'],
      ],
    ],
    ['empty cells at the end', 'a,,\n', [['a', '', '']]],
  ])('%s', (_name, text, rows) => expect(cells(text)).toEqual(rows))

  it('gives back the rows that a quote would have taken into its own', () => {
    const reader = new CsvReader(';', 1, 3)
    const rows = reader.push('a;=LINK("x";"click")\n1;"b\nc";d\n2;=LINK("y";"click")\n3;e;f\n', true)
    expect(rows.map(({ cells: own, line }) => [line, ...own])).toEqual([
      [1, 'a', '=LINK("x"', '"click")'],
      [2, '1', 'b\nc', 'd'],
      [4, '2', '=LINK("y"', '"click")'],
      [5, '3', 'e', 'f'],
    ])
  })

  it('tells on which line each begins', () => {
    const text = 'a,b\n"1\r\n2",x\r\n\n3,y\n'
    expect(read(text).map(({ line }) => line)).toEqual([1, 2, 5])
  })

  it('is the same in whatever pieces it arrives, and as another reader has it (300 random files)', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', '1'),
      maxLength: 8,
    })
    const file = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(file, fc.integer({ min: 1, max: 7 }), (rows, size) => {
        const text = rows
          .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
          .join('\n')
        expect(read(text, ',', size)).toEqual(read(text))
        expect(cells(text)).toEqual(
          parse(text, { relax_column_count: true, record_delimiter: ['\n', '\r\n'] }),
        )
      }),
      { seed: 11, numRuns: 300 },
    )
  })

  it('cuts what is too long, and goes on with the next row', () => {
    const rows = read(`a,b\n1,"${'x'.repeat(MOST_CELL + 1)}"\n2,y\n`)
    expect(rows.map(({ cut, count }) => [cut, count])).toEqual([
      [false, 2],
      [true, 2],
      [false, 2],
    ])
    expect(rows[1]!.cells[1]).toHaveLength(MOST_CELL)
  })

  it('holds no more than a few megabytes of a row that never ends', () => {
    const reader = new CsvReader(',')
    const piece = 'x'.repeat(1_000_000)
    const rows = reader.push('a,b\n')
    for (let n = 0; n < 12; n++) rows.push(...reader.push(piece))
    rows.push(...reader.push('\n2,y\n', true))
    expect(rows.map(({ cut, cells: [first] }) => [cut, first!.length])).toEqual([
      [false, 1],
      [true, 0],
      [false, 1],
    ])
  })

  it('counts a million cells, and keeps some', () => {
    const [row] = read(`${'x,'.repeat(999_999)}x\n`)
    expect(row!.count).toBe(1_000_000)
    expect(row!.cells.length).toBeLessThan(10_000)
  })

  it('comes to an end where every quote stays open', () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => `${n},"open ${n}`).join('\n')
    const began = performance.now()
    expect(read(`a,b\n${lines}\n`, ',', 65_536)).toHaveLength(20_001)
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})
