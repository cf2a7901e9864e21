import { describe, expect, it } from 'vitest'
import { DeskError } from '../activity/index.ts'
import { MOST_ROWS, readTable } from './csv.ts'

const wrong = (text: string, key = 'host') => {
  try {
    readTable(text, key)
  } catch (error) {
    if (error instanceof DeskError)
      return error.details.errors?.map(({ path, message }) => `${path}: ${message}`)
    throw error
  }
  return undefined
}

describe('a look-up is read', () => {
  it('with a row a value, in lower case, its other columns as labels and empty cells as none', () => {
    expect(readTable('host,customer,site\nWEB-1,Valdora,Rome\nweb-2,,Nice\n', 'host')).toEqual({
      keyColumn: 'host',
      columns: ['customer', 'site'],
      rows: [
        { value: 'web-1', labels: { customer: 'Valdora', site: 'Rome' } },
        { value: 'web-2', labels: { site: 'Nice' } },
      ],
    })
  })

  it('as spreadsheets write it: mark, semicolons, quotes, breaks within them, lines that end as they like', () => {
    const text = '\uFEFFsite;host;note\r\nRome;a;"says ""no""; then\r\ngoes"\r\n\r\nNice;b;x'
    expect(readTable(text, 'host').rows).toEqual([
      { value: 'a', labels: { site: 'Rome', note: 'says "no"; then\r\ngoes' } },
      { value: 'b', labels: { site: 'Nice', note: 'x' } },
    ])
  })

  it.each([
    ['', 'file: it has no column “host”, only '],
    ['host\na', 'file: it needs a second column: what would it add?'],
    ['host,site', 'file: there is a header and no row'],
    ['name,site\na,b', 'file: it has no column “host”, only “name”, “site”'],
    ['host,host,site\na,b,c', 'file: the column “host” stands there twice'],
    [
      'host,my site\na,b',
      'file: “my site” cannot be a label: letters, digits and _ . : / - alone, without spaces',
    ],
    ['host,site\na,b,c', 'line 2: it has 3 cells, and the header has 2'],
    ['host,site\n,b', 'line 2: “host” is empty'],
    ['host,site\na,"b\nc"\nA,d', 'line 4: “a” stands on line 2 already'],
    ['host,site\na,"never closed\nb,c', 'line 2: a quote is never closed'],
  ])('or refused in words: %j', (text, words) => {
    expect(wrong(text)).toEqual([words])
  })

  it('to its limit and no further, in little time', () => {
    const rows = (count: number) =>
      `host,site\n${Array.from({ length: count }, (_, n) => `h${n},s`).join('\n')}`
    expect(readTable(rows(MOST_ROWS), 'host').rows).toHaveLength(MOST_ROWS)
    expect(() => readTable(rows(MOST_ROWS + 1), 'host')).toThrow('at most')
  })
})
