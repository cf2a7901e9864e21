import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DeskError } from '../../activity/index.ts'
import { openFile } from './open.ts'

async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function open(file: Buffer | string, size = 1_000, header?: boolean) {
  const { layout, encoding, rows } = await openFile(pieces(Buffer.from(file), size), {
    most: 10_000_000,
    header,
  })
  const read = []
  for await (const row of rows) read.push(row.cells)
  return {
    columns: layout.columns,
    delimiter: layout.delimiter,
    header: layout.header,
    encoding: encoding(),
    rows: read,
  }
}
const text = 'Numéro;Titre\n1;L’écran\n2;Ça marche\n'
const bytes = (encoding: 'utf8' | 'utf16le' | 'latin1', mark: number[] = []) =>
  Buffer.concat([Buffer.from(mark), Buffer.from(text.replace('’', "'"), encoding)])

describe('a file', () => {
  it.each<[string, Buffer, string]>([
    ['UTF-8', bytes('utf8'), 'utf-8'],
    ['UTF-8 with a mark', bytes('utf8', [0xef, 0xbb, 0xbf]), 'utf-8'],
    ['UTF-16', bytes('utf16le', [0xff, 0xfe]), 'utf-16le'],
    ['UTF-16 without a mark', bytes('utf16le'), 'utf-16le'],
    ['UTF-16 the other way round', Buffer.from(bytes('utf16le', [0xff, 0xfe])).swap16(), 'utf-16be'],
    ['Windows-1252', bytes('latin1'), 'windows-1252'],
    ['gzipped Windows-1252', gzipSync(bytes('latin1')), 'windows-1252'],
  ])('in %s', async (_name, file, encoding) => {
    for (const size of [1, 7, 1_000])
      expect(await open(file, size)).toEqual({
        columns: ['Numéro', 'Titre'],
        delimiter: ';',
        header: true,
        encoding,
        rows: [
          ['1', "L'écran"],
          ['2', 'Ça marche'],
        ],
      })
  })

  it('of which only its end shows the encoding', async () => {
    const long = Buffer.concat([
      Buffer.from(`a,b\n${'1,x\n'.repeat(80_000)}`),
      Buffer.from('2,\xe9t\xe9\n', 'latin1'),
    ])
    const { encoding, rows } = await open(long, 65_536)
    expect([encoding, rows.at(-1)]).toEqual(['windows-1252', ['2', 'été']])
  })

  it('in UTF-8 with one broken letter stays UTF-8', async () => {
    const broken = Buffer.concat([
      Buffer.from('a,b\n1,été ça où\n2,caf'),
      Buffer.from([0xc3]),
      Buffer.from(',\n3,là\n'),
    ])
    const { encoding, rows } = await open(broken)
    expect([encoding, rows.at(-1)]).toEqual(['utf-8', ['3', 'là']])
  })

  it.each<[string, string, string, string[]]>([
    ['tabs', 'a\tb\n1\t2,5\n', '\t', ['a', 'b']],
    ['bars', 'a|b\n1|2\n', '|', ['a', 'b']],
    [
      'semicolons among commas',
      'Number;Title, long;By\n1;a, b, c, d;x\n',
      ';',
      ['Number', 'Title, long', 'By'],
    ],
    ["Excel's own line", 'sep=;\r\na;b\r\n1,5;2\r\n', ';', ['a', 'b']],
    [
      'titles above the header',
      'Report of March\n\nNumber,Title,By\n1,a,x\n',
      ',',
      ['Number', 'Title', 'By'],
    ],
    ['a delimiter at the end of each line', '"ID";"Title";\n"1";"a";\n', ';', ['ID', 'Title', '']],
  ])('divided by %s', async (_name, file, delimiter, columns) => {
    const read = await open(file)
    expect([read.delimiter, read.columns, read.rows.length]).toEqual([delimiter, columns, 1])
  })

  it('without a header has its columns counted', async () => {
    const data = '1,Printer,2024-03-12 10:00\n2,Screen,2024-03-13 10:00\n'
    expect(await open(data)).toMatchObject({ header: false, columns: ['Column 1', 'Column 2', 'Column 3'] })
    expect((await open(data, 1_000, true)).rows).toHaveLength(1)
    expect((await open('id,who\n1,x\n', 1_000, false)).rows).toHaveLength(2)
  })

  it.each<[string, Buffer | string, string]>([
    ['an empty file', '', 'is empty'],
    ['nothing but blank lines', '\n \n\n', 'is empty'],
    ['one column', 'a\nb\n', 'has a single column'],
    ['a workbook', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0]), 'Excel workbook'],
    ['a picture', Buffer.from(Array.from({ length: 400 }, (_, n) => (n * 7) % 256)), 'is not text'],
    ['half a gzip', gzipSync('a,b\n1,2\n'.repeat(5_000)).subarray(0, 60), 'is not whole'],
    ['a million columns', `${'x,'.repeat(1_000_000)}x\n1\n`, 'has more than 2000 columns'],
  ])('refuses %s in words', async (_name, file, message) => {
    const error = await open(file, 65_536).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DeskError)
    expect((error as DeskError).details.errors?.[0]?.message).toContain(message)
  })
})
