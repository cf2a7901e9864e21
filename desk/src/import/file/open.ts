import { type Encoding, decode } from './decode.ts'
import { type Layout, layoutOf } from './layout.ts'
import { CsvReader, type CsvRow } from './rows.ts'

const HEAD = 256 * 1024

export interface OpenFile {
  layout: Layout
  /** Known once all of it was read. */
  encoding: () => Encoding
  rows: AsyncGenerator<CsvRow>
}

/** A CSV file as it arrives: how it is laid out, then its rows. Throws `invalid` for what is none, in words. */
export async function openFile(
  bytes: AsyncIterable<Buffer>,
  { most, header }: { most: number; header?: boolean },
): Promise<OpenFile> {
  const text = await decode(bytes, most)
  const pieces = text[Symbol.asyncIterator]()
  let [head, whole] = ['', false]
  while (head.length < HEAD && !whole) {
    const next = await pieces.next()
    if (next.done) whole = true
    else head += next.value
  }
  const layout = layoutOf(head, whole, header)
  return { layout, encoding: () => text.encoding ?? 'utf-8', rows: rowsOf(layout, head, pieces) }
}

async function* rowsOf(layout: Layout, head: string, pieces: AsyncGenerator<string>): AsyncGenerator<CsvRow> {
  const reader = new CsvReader(layout.delimiter, layout.skip > 0 ? 2 : 1, layout.columns.length)
  let { above } = layout
  const below = (rows: CsvRow[]) => {
    const kept = above > 0 ? rows.slice(above) : rows
    above = Math.max(0, above - rows.length)
    return kept
  }
  yield* below(reader.push(head.slice(layout.skip)))
  for await (const piece of pieces) yield* below(reader.push(piece))
  yield* below(reader.push('', true))
}
