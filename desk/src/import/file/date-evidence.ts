import { shapeOf } from './date-shape.ts'

/** The forms that a column's dates have, and what the whole of the file says about the order of day and month. */
export interface ColumnDates {
  forms: Form[]
}
interface Form {
  pattern: string
  count: number
  example: string
  /** The greatest first and second number: one above 12 is a day. */
  most?: [number, number]
}
export interface FoundForm {
  /** The place of its column. */
  column: number
  pattern: string
  example: string
  day?: 'first' | 'second' | 'unknown'
}

const TRIED = 50
const MOST_FORMS = 6

/** Gathers, row by row, how the columns of a file write their dates. */
export class DateEvidence {
  readonly #columns: { seen: number; last: string; forms: Map<string, Form> }[]

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => ({ seen: 0, last: '', forms: new Map() }))
  }

  add(cells: string[]): void {
    for (const [place, column] of this.#columns.entries()) {
      const text = cells[place]
      // What follows itself says nothing more, and columns that began without a date are left alone.
      if (!text || text === column.last || (column.seen > TRIED && column.forms.size === 0)) continue
      column.last = text
      column.seen++
      const shape = shapeOf(text.trim())
      if (!shape) continue
      const form = column.forms.get(shape.pattern)
      if (form) {
        form.count++
        if (!shape.numbers || !form.most) continue
        const [first, second] = form.most
        if (first > 12 || second > 12) continue
        form.most = [Math.max(first, shape.numbers[0]), Math.max(second, shape.numbers[1])]
        // The example of an open question is one that shows it.
        form.example = text.trim()
      } else if (column.forms.size < MOST_FORMS)
        column.forms.set(shape.pattern, {
          pattern: shape.pattern,
          count: 1,
          example: text.trim(),
          most: shape.numbers,
        })
    }
  }

  found(): FoundForm[] {
    return this.#columns.flatMap(({ seen, forms }, column) =>
      datesAmong([...forms.values()], seen)
        .toSorted((a, b) => b.count - a.count)
        .map(({ pattern, example, most }) => ({
          column,
          pattern,
          example,
          ...(most && { day: dayOf(most, pattern) }),
        })),
    )
  }
}

const COUNTED = /^(unix|unix_ms|excel|yyyyMMdd|yyyyMMddHHmmss)$/

/** Numbers are dates where there is nothing else in the column. */
function datesAmong(forms: Form[], seen: number): Form[] {
  const numbers = forms.filter(({ pattern }) => COUNTED.test(pattern))
  return numbers.reduce((sum, { count }) => sum + count, 0) === seen
    ? forms
    : forms.filter((form) => !numbers.includes(form))
}

function dayOf([first, second]: [number, number], pattern: string): FoundForm['day'] {
  if (first > 12) return 'first'
  if (second > 12) return 'second'
  // Nobody writes the month first with full stops, and hardly anybody but those who do counts hours to twelve.
  return pattern.includes('.') && !pattern.includes('/') ? 'first' : 'unknown'
}

export interface DateForms {
  patterns: string[]
  /** Where nothing in the file shows the order of day and month: a date of it, and which order was taken. */
  question: { example: string; taken: 'day' | 'month' } | null
}

/** Patterns for these columns. What one of them shows about the order holds for those that could be either. */
export function formsOf(found: FoundForm[], columns: ReadonlySet<number>, say?: 'day' | 'month'): DateForms {
  const used = found.filter(({ column }) => columns.has(column))
  const shown = new Set(used.map(({ day }) => day))
  const open = used.find(({ day }) => day === 'unknown')
  const seen = shown.has('first') === shown.has('second') ? undefined : shown.has('first') ? 'day' : 'month'
  const taken = say ?? seen ?? (open && / ?a$/.test(open.pattern) ? 'month' : 'day')
  const patterns = used.map(({ pattern, day }) => {
    if (!day) return pattern
    const order = day === 'unknown' ? taken : day === 'first' ? 'day' : 'month'
    const [first, second] = order === 'day' ? ['d', 'M'] : ['M', 'd']
    return pattern.replace('A', first!).replace('B', second!)
  })
  const question = open && !say && !seen ? { example: open.example, taken: taken as 'day' | 'month' } : null
  return { patterns: [...new Set(patterns)], question }
}
