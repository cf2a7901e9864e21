/** A condition in rows, "field – operator – value": what most rules say, written as the expression that they keep. */
export interface Rows {
  join: 'all' | 'any'
  rows: Row[]
}

export type Value = string | number | boolean
export const OPERATORS = [
  'is',
  'is_not',
  'has',
  'has_not',
  'contains',
  'contains_not',
  'lt',
  'le',
  'gt',
  'ge',
  'filled',
  'empty',
] as const
export type Operator = (typeof OPERATORS)[number]

export interface Row {
  /** A fact such as `priority`, or `fields.` and the key of a custom field. */
  field: string
  op: Operator
  /** Of `is` and `is_not` any number, of the others one or none. */
  values: Value[]
}

const COMPARES = { lt: '<', le: '<=', gt: '>', ge: '>=' } as const
const DENIES = { is_not: 'is', has_not: 'has', contains_not: 'contains', empty: 'filled' } as const
type Denial = keyof typeof DENIES

const isOwn = (field: string) => field.startsWith('fields.')
const written = (value: Value | undefined) => JSON.stringify(value ?? '')

/** The expression of rows; without any it always holds. */
export const expressionOf = ({ join, rows }: Rows): string =>
  rows.length === 0 ? 'true' : rows.map(termOf).join(join === 'all' ? ' && ' : ' || ')

function termOf({ field, op, values }: Row): string {
  if (!(op in DENIES)) return assertionOf(field, op, values)
  const denied = assertionOf(field, DENIES[op as Denial], values)
  // Whatever a custom field has to be, a ticket without an answer is not: a bare comparison would be no answer at all.
  if (isOwn(field)) return op === 'empty' ? `!${denied}` : `!(has(${field}) && ${denied})`
  if (op === 'empty') return `${field} == ""`
  if (op === 'is_not' && values.length === 1) return `${field} != ${written(values[0])}`
  return op === 'contains_not' ? `!${denied}` : `!(${denied})`
}

function assertionOf(field: string, op: Operator, values: Value[]): string {
  const [first] = values
  if (op === 'has') return `${written(first)} in ${field}`
  if (op === 'contains') return `${field}.contains(${written(first)})`
  if (op === 'filled') return isOwn(field) ? `has(${field})` : `${field} != ""`
  if (op in COMPARES) return `${field} ${COMPARES[op as keyof typeof COMPARES]} ${written(first)}`
  return values.length === 1
    ? `${field} == ${written(first)}`
    : `${field} in [${values.map(written).join(', ')}]`
}

/** The rows that say the same as an expression; null where rows cannot say it. */
export function rowsOf(expression: string): Rows | null {
  const tokens = tokensOf(expression)
  if (!tokens) return null
  if (tokens.length === 0 || (tokens.length === 1 && tokens[0] === 'true')) return { join: 'all', rows: [] }
  const reading = new Reading(tokens)
  const rows: Row[] = []
  let join: string | undefined
  for (;;) {
    const row = reading.term()
    if (!row) return null
    rows.push(row)
    const next = reading.take()
    if (next === undefined) return { join: join === '||' ? 'any' : 'all', rows }
    if ((next !== '&&' && next !== '||') || (join !== undefined && next !== join)) return null
    join = next
  }
}

const TOKEN =
  /\s*("(?:[^"\\\n]|\\.)*"|'[^'\\\n]*'|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|&&|\|\||[=!<>]=|[!<>()[\],.])/y

function tokensOf(text: string): string[] | null {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text)
    if (!found) return null
    tokens.push(found[1]!)
  }
  return tokens
}

class Reading {
  #at = 0
  readonly #tokens: readonly string[]

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  take(): string | undefined {
    return this.#tokens[this.#at++]
  }

  /** Goes on past these, or stays. */
  past(...wanted: string[]): boolean {
    const here = wanted.every((token, ahead) => this.#tokens[this.#at + ahead] === token)
    if (here) this.#at += wanted.length
    return here
  }

  term(): Row | null {
    if (!this.past('!')) return this.#assertion()
    if (!this.past('(')) {
      const row = this.#assertion()
      const bare = row?.op === 'contains' ? !isOwn(row.field) : row?.op === 'filled' && isOwn(row.field)
      return row && bare ? denied(row) : null
    }
    const guarded = this.past('has', '(') ? this.#path() : undefined
    if (guarded !== undefined && !(guarded && isOwn(guarded) && this.past(')', '&&'))) return null
    const row = this.#assertion()
    if (!row || !this.past(')')) return null
    const same = guarded === undefined ? !isOwn(row.field) && row.op !== 'contains' : row.field === guarded
    return same ? denied(row) : null
  }

  #assertion(): Row | null {
    if (this.past('has', '(')) {
      const field = this.#path()
      return field && isOwn(field) && this.past(')') ? { field, op: 'filled', values: [] } : null
    }
    const literal = this.#literal()
    if (literal !== undefined) {
      const field = this.past('in') ? this.#path() : null
      return field ? { field, op: 'has', values: [literal] } : null
    }
    const field = this.#path()
    return field ? this.#about(field) : null
  }

  #about(field: string): Row | null {
    if (this.past('in', '[')) {
      const values = this.#list()
      return values && values.length !== 1 ? { field, op: 'is', values } : null
    }
    if (this.past('.', 'contains', '(')) {
      const value = this.#literal()
      return value !== undefined && this.past(')') ? { field, op: 'contains', values: [value] } : null
    }
    const sign = this.take()
    const value = this.#literal()
    if (value === undefined) return null
    if (sign === '==' || sign === '!=') {
      if (value === '' && !isOwn(field)) return { field, op: sign === '==' ? 'empty' : 'filled', values: [] }
      if (sign === '!=') return isOwn(field) ? null : { field, op: 'is_not', values: [value] }
      return { field, op: 'is', values: [value] }
    }
    const op = (Object.keys(COMPARES) as (keyof typeof COMPARES)[]).find((one) => COMPARES[one] === sign)
    return op ? { field, op, values: [value] } : null
  }

  #list(): Value[] | null {
    const values: Value[] = []
    if (this.past(']')) return values
    for (;;) {
      const value = this.#literal()
      if (value === undefined) return null
      values.push(value)
      if (this.past(']')) return values
      if (!this.past(',')) return null
    }
  }

  #path(): string | null {
    const name = this.take()
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name) || WORDS.has(name)) return null
    if (name !== 'fields') return name
    const key = this.past('.') ? this.take() : undefined
    return key !== undefined && /^[A-Za-z_]\w*$/.test(key) ? `fields.${key}` : null
  }

  #literal(): Value | undefined {
    const value = valueOf(this.#tokens[this.#at])
    if (value !== undefined) this.#at++
    return value
  }
}

const WORDS = new Set(['in', 'has', 'true', 'false', 'null'])
const DENIALS = Object.fromEntries(Object.entries(DENIES).map(([no, yes]) => [yes, no as Denial]))

function denied(row: Row): Row | null {
  const op = DENIALS[row.op]
  return op ? { ...row, op } : null
}

function valueOf(token: string | undefined): Value | undefined {
  if (token === undefined) return undefined
  if (token === 'true' || token === 'false') return token === 'true'
  if (token.startsWith("'")) return token.slice(1, -1)
  if (!/^["\d-]/.test(token)) return undefined
  try {
    return JSON.parse(token) as string | number
  } catch {
    return undefined
  }
}
