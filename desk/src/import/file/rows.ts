/** A row as it stands in the file: where a quote never closes, or a cell never ends, only that row is wrong. */
export interface CsvRow {
  cells: string[]
  /** How many cells there were; beyond `MOST_CELLS` they are counted and not kept. */
  count: number
  /** The line of the file on which it begins. */
  line: number
  /** Whether something was cut. */
  cut: boolean
}

export const MOST_CELL = 200_000
export const MOST_CELLS = 4_000
const [LF, CR] = [10, 13]
/** A quote that has not closed by then was none. */
const MOST_QUOTED = 1_000_000
const MOST_ROW = 4_000_000
/** After so many of them the file does not quote at all. */
const MOST_OPEN_QUOTES = 100
const MOST_RESCUED = 1_000

/**
 * Rows out of text as it arrives. Commas, or whatever `delimiter` is; quotes doubled within quotes; lines ended by LF,
 * CRLF or CR. As exports are careless, a quote within a cell that nothing but the cell's end follows closes it, any
 * other is a quote.
 */
export class CsvReader {
  readonly #stop: number
  #text = ''
  #arrived: string[] = []
  #arriving = 0
  #line = 1
  #openQuotes = 0
  #rescued = 0
  #skipping = false

  readonly #columns: number

  /** `line` is that of the file on which the text begins; `columns` how many cells a row has, where that is known. */
  constructor(delimiter: string, line = 1, columns = Infinity) {
    this.#columns = columns
    this.#stop = delimiter.charCodeAt(0)
    this.#line = line
  }

  /** The rows that have ended with this piece; the last piece ends the last row. */
  push(piece: string, last = false): CsvRow[] {
    this.#arrived.push(piece)
    this.#arriving += piece.length
    // A row that is longer than what arrives is looked at when it has doubled, not with each piece.
    if (!last && this.#arriving < this.#text.length) return []
    this.#text += this.#arrived.join('')
    this.#arrived = []
    this.#arriving = 0
    const rows: CsvRow[] = []
    let at = 0
    for (;;) {
      if (this.#skipping) {
        const end = this.#lineEnd(at, last)
        if (end === undefined) break
        at = end
        this.#line++
        this.#skipping = false
      }
      const read = at < this.#text.length ? this.#row(at, last) : undefined
      if (!read) break
      at = read.next
      const { row } = read
      if (row.count > 1 || row.cells[0]!.trim() !== '') rows.push(row)
    }
    this.#text = this.#skipping ? '' : this.#text.slice(at)
    return rows
  }

  /** Past the end of the line that begins here; undefined while it has not arrived. */
  #lineEnd(at: number, last: boolean): number | undefined {
    const end = this.#until(at, LF)
    if (end === this.#text.length) return last ? end : undefined
    // A CR at the very end may be half of a CRLF.
    if (this.#text.charCodeAt(end) === CR && end + 1 === this.#text.length && !last) return undefined
    return this.#text.startsWith('\r\n', end) ? end + 2 : end + 1
  }

  /** The place of the next line break or of this character, or the end of what has arrived. */
  #until(at: number, stop: number): number {
    let end = at
    for (; end < this.#text.length; end++) {
      const code = this.#text.charCodeAt(end)
      if (code === stop || code === LF || code === CR) break
    }
    return end
  }

  #row(from: number, last: boolean, plain = false): { row: CsvRow; next: number } | undefined {
    const text = this.#text
    const row = { cells: [] as string[], count: 0, line: this.#line, cut: false }
    let lines = 0
    for (let at = from; ;) {
      const quoted = plain ? undefined : this.#quoted(at, last)
      const stop = quoted ? (quoted === 'waiting' ? text.length : quoted.end) : this.#until(at, this.#stop)
      if (quoted === 'waiting' || (stop === text.length && !last))
        return text.length - from > MOST_ROW ? this.#giveUp(row) : undefined
      const cell = quoted ? quoted.cell : text.slice(at, stop)
      lines += quoted ? linesIn(cell) : 0
      if (row.cells.length < MOST_CELLS)
        row.cells.push(cell.length > MOST_CELL ? cell.slice(0, MOST_CELL) : cell)
      row.count++
      row.cut ||= cell.length > MOST_CELL
      if (text.charCodeAt(stop) === this.#stop) {
        at = stop + 1
        continue
      }
      const next = stop === text.length ? stop : this.#lineEnd(stop, last)
      if (next === undefined) return undefined
      if (lines > 0 && this.#swallowed(row)) return this.#row(from, last, true)
      this.#line += lines + 1
      return { row, next }
    }
  }

  /** Whether a quote that was none took the rows below into this one: it is then read again, up to the end of its line. */
  #swallowed({ cells, count }: CsvRow): boolean {
    const more = count > this.#columns && cells.slice(this.#columns).some((cell) => cell.trim() !== '')
    return more && ++this.#rescued <= MOST_RESCUED
  }

  /** What never ends is handed back as far as it goes, and the rest of its line is dropped. */
  #giveUp(row: CsvRow): { row: CsvRow; next: number } {
    this.#skipping = true
    const cells = row.cells.length > 0 ? row.cells : ['']
    return { row: { ...row, cells, count: Math.max(2, row.count), cut: true }, next: this.#text.length }
  }

  #quoted(from: number, last: boolean): { cell: string; end: number } | 'waiting' | undefined {
    const text = this.#text
    let at = from
    while (text[at] === ' ') at++
    if (text[at] !== '"' || this.#openQuotes >= MOST_OPEN_QUOTES) return undefined
    const begin = at + 1
    for (let quote = text.indexOf('"', begin); quote !== -1; quote = text.indexOf('"', quote)) {
      if (quote - begin > MOST_QUOTED) break
      if (text[quote + 1] === '"') {
        quote += 2
        continue
      }
      let after = quote + 1
      while (text[after] === ' ') after++
      if (after >= text.length && !last) return 'waiting'
      const next = text.charCodeAt(after)
      if (after >= text.length || next === this.#stop || next === LF || next === CR)
        return { cell: text.slice(begin, quote).replaceAll('""', '"'), end: after }
      quote++
    }
    if (!last && text.length - begin <= MOST_QUOTED) return 'waiting'
    this.#openQuotes++
    return undefined
  }
}

const linesIn = (cell: string) => (cell.match(/\r\n|\n|\r/g) ?? []).length
