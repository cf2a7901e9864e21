import { shapeOf } from './date-shape.ts'
import { unusable } from './decode.ts'
import { CsvReader, type CsvRow } from './rows.ts'

/** How a file is laid out, as far as its beginning shows it. */
export interface Layout {
  delimiter: string
  columns: string[]
  /** Rows before the first that tells of a ticket: titles and the header. */
  above: number
  header: boolean
  /** Characters of the beginning that are no row: Excel's own line. */
  skip: number
}

const DELIMITERS = [',', ';', '\t', '|']
const MOST_COLUMNS = 2_000
const LOOKED_AT = 50
const MOST_ABOVE = 20
// Excel's word for the delimiter that it will take, and a shell's for what it has written.
const SEP = /^sep=(.)\r?\n/i
/** What programs write when they do not write CSV. */
const OTHERS: [RegExp, string][] = [
  [/^\s*(?:\[\s*)?\{\s*(?:"|\})/, 'is JSON: export the tickets as CSV'],
  [/^\s*<(?:!doctype|html|\?xml|table|rss|workbook)\b/i, 'is a web page or XML: export the tickets as CSV'],
]
const TYPE = /^#TYPE [^\r\n]*\r?\n/

/** Throws `invalid` for a file that has no columns. `header` says whether it has one; otherwise it is looked for. */
export function layoutOf(head: string, whole: boolean, header?: boolean): Layout {
  const sep = SEP.exec(head)
  const skip = (sep ?? TYPE.exec(head))?.[0].length ?? 0
  const text = head.slice(skip)
  const other = OTHERS.find(([form]) => form.test(text))
  if (other) throw unusable(other[1])
  const tried = (sep ? [sep[1]!] : DELIMITERS).map((delimiter) => {
    const rows = new CsvReader(delimiter).push(text, true).slice(0, LOOKED_AT)
    // Its last row may have been cut off.
    return { delimiter, rows: whole || rows.length < 2 ? rows : rows.slice(0, -1) }
  })
  if (tried[0]!.rows.length === 0) throw unusable('is empty')
  const { delimiter, rows } = tried.toSorted((a, b) => fitOf(b.rows) - fitOf(a.rows))[0]!
  const usual = usualCount(rows)
  if (usual < 2) throw unusable('has a single column: comma, semicolon, tab and | are understood')
  // A title stands alone in its row, though a spreadsheet may have filled the row up.
  const titles = rows.findIndex(({ cells }) => cells.filter((cell) => cell.trim() !== '').length > 1)
  const above = titles > 0 && titles <= MOST_ABOVE ? titles : 0
  const first = rows[above]!
  if (first.count > MOST_COLUMNS) throw unusable(`has more than ${MOST_COLUMNS} columns`)
  const headed = header ?? !looksLikeData(first, rows[above + 1])
  const names = first.cells.map((name) => name.trim().slice(0, 200))
  if (headed && names.every((name) => name === '')) throw unusable('has no header')
  return {
    delimiter,
    columns: headed ? names : names.map((_, place) => `Column ${place + 1}`),
    above: above + (headed ? 1 : 0),
    header: headed,
    skip,
  }
}

/** Columns, as far as the rows agree on how many there are. */
function fitOf(rows: CsvRow[]): number {
  const usual = usualCount(rows)
  return usual < 2 ? 0 : (usual * rows.filter(({ count }) => count === usual).length) / rows.length
}

function usualCount(rows: CsvRow[]): number {
  const often = new Map<number, number>()
  for (const { count } of rows) often.set(count, (often.get(count) ?? 0) + 1)
  return [...often].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0]![0]
}

/** No column is called by a date or an e-mail address, nor by a number where numbers stand in it. */
const looksLikeData = ({ cells }: CsvRow, below?: CsvRow) =>
  cells.some((cell, place) => {
    const text = cell.trim()
    return (
      (/^\d+$/.test(text) && /^\d+$/.test(below?.cells[place]?.trim() ?? '')) ||
      /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ||
      /^\d{4}-\d\d-\d\d[T ]\d\d:/.test(text) ||
      !!shapeOf(text)?.pattern.includes('mm')
    )
  })
