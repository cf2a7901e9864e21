import { DeskError, type FieldError } from '../activity/index.ts'

export const MOST_ROWS = 100_000
const MOST_COLUMNS = 40
const MOST_CELL = 1_000
const TOLD = 20
const LABEL = /^[\w.:/-]{1,100}$/

export interface Table {
  keyColumn: string
  /** Those that become labels. */
  columns: string[]
  /** `value` is matched to the field, in lower case; empty cells are no labels. */
  rows: { value: string; labels: Record<string, string> }[]
}

/**
 * Reads a look-up's file: a header, then a row a value. Comma or semicolon, quotes as RFC 4180 has them. Throws
 * `invalid` with the first rows that cannot be used, each in words; nothing is half read.
 */
export function readTable(text: string, keyColumn: string): Table {
  const delimiter = delimiterOf(text)
  const lines = [...cellsOf(text.replace(/^\uFEFF/, ''), delimiter)].filter(({ cells }) =>
    cells.some(Boolean),
  )
  const header = lines.shift()?.cells.map((cell) => cell.trim()) ?? []
  const wrong = wrongHeader(header, keyColumn)
  if (wrong) refuse([{ path: 'file', message: wrong }])
  if (lines.length === 0) refuse([{ path: 'file', message: 'there is a header and no row' }])
  if (lines.length > MOST_ROWS)
    throw new DeskError('too_large', `A look-up has ${MOST_ROWS} rows at most; these are ${lines.length}.`)
  const key = header.indexOf(keyColumn)
  const columns = header.filter((name) => name !== keyColumn)
  const seen = new Map<string, number>()
  const errors: FieldError[] = []
  const rows = lines.flatMap(({ line, cells }) => {
    const value = cells[key]?.trim().toLowerCase() ?? ''
    const message = wrongRow(cells, header, keyColumn, value, seen.get(value))
    if (message) {
      errors.push({ path: `line ${line}`, message })
      return []
    }
    seen.set(value, line)
    const labels = header.flatMap((name, place) => {
      const cell = cells[place]!.trim()
      return name === keyColumn || cell === '' ? [] : [[name, cell] as const]
    })
    return [{ value, labels: Object.fromEntries(labels) }]
  })
  if (errors.length > 0) refuse(errors)
  return { keyColumn, columns, rows }
}

function refuse(errors: FieldError[]): never {
  const more = errors.length > TOLD ? ` These are the first ${TOLD} of ${errors.length}.` : ''
  throw new DeskError('invalid', `The file cannot be used as it is.${more}`, {
    errors: errors.slice(0, TOLD),
  })
}

function wrongHeader(header: string[], keyColumn: string): string | null {
  if (header.length > MOST_COLUMNS) return `it has ${header.length} columns, and may have ${MOST_COLUMNS}`
  const odd = header.find((name) => !LABEL.test(name))
  if (odd !== undefined)
    return odd === ''
      ? 'a column has no name'
      : `“${odd.slice(0, 100)}” cannot be a label: letters, digits and _ . : / - alone, without spaces`
  const twice = header.find((name, place) => header.indexOf(name) !== place)
  if (twice) return `the column “${twice}” stands there twice`
  if (!header.includes(keyColumn))
    return `it has no column “${keyColumn}”, only ${header.map((name) => `“${name}”`).join(', ')}`
  return header.length < 2 ? 'it needs a second column: what would it add?' : null
}

function wrongRow(
  cells: string[],
  header: string[],
  keyColumn: string,
  value: string,
  before: number | undefined,
): string | null {
  if (cells.length !== header.length)
    return `it has ${cells.length} cells, and the header has ${header.length}`
  if (value === '') return `“${keyColumn}” is empty`
  if (before !== undefined) return `“${value.slice(0, 100)}” stands on line ${before} already`
  const long = cells.findIndex((cell) => cell.length > MOST_CELL)
  return long < 0 ? null : `“${header[long]}” is longer than ${MOST_CELL} characters`
}

/** Whichever of the two stands more often in the header. */
function delimiterOf(text: string): ',' | ';' {
  const [header = ''] = text.split(/\r?\n/, 1)
  return header.split(';').length > header.split(',').length ? ';' : ','
}

/** Rows of cells with the line on which each begins. Throws `invalid` where a quote is never closed. */
function* cellsOf(text: string, delimiter: string): Generator<{ line: number; cells: string[] }> {
  const token = new RegExp(
    `"((?:[^"]|"")*)(?:"|$)|([^${delimiter}\\r\\n"]+)|(${delimiter})|(\\r?\\n|\\r)`,
    'gy',
  )
  let cells: string[] = []
  let cell = ''
  let [line, begins] = [1, 1]
  for (const [whole, quoted, plain, between, newline] of text.matchAll(token)) {
    if (quoted !== undefined) {
      if (whole.split('"').length % 2 === 0)
        refuse([{ path: `line ${line}`, message: 'a quote is never closed' }])
      cell += quoted.replaceAll('""', '"')
    } else if (plain !== undefined) cell += plain
    if (between !== undefined || newline !== undefined) {
      cells.push(cell)
      cell = ''
    }
    line += whole.split('\n').length - 1
    if (newline === undefined) continue
    yield { line: begins, cells }
    cells = []
    begins = line
  }
  if (cell !== '' || cells.length > 0) yield { line: begins, cells: [...cells, cell] }
}
