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
  'starts',
  'starts_not',
  'ends',
  'ends_not',
  'matches',
  'matches_not',
  'lt',
  'le',
  'gt',
  'ge',
  'filled',
  'empty',
] as const
export type Operator = (typeof OPERATORS)[number]

export interface Row {
  /** A fact such as `priority`, or what stands in one, `fields.size` or `labels.k8s.io/app`. */
  field: string
  op: Operator
  /** Of `is` and `is_not` any number, of the others one or none. */
  values: Value[]
}

const COMPARES = { lt: '<', le: '<=', gt: '>', ge: '>=' } as const
const METHODS = { contains: 'contains', starts: 'startsWith', ends: 'endsWith', matches: 'matches' } as const
const DENIES = {
  is_not: 'is',
  has_not: 'has',
  contains_not: 'contains',
  starts_not: 'starts',
  ends_not: 'ends',
  matches_not: 'matches',
  empty: 'filled',
} as const
type Denial = keyof typeof DENIES

/** Facts that hold others by name, which may be missing. */
const MAPS = new Set(['fields', 'labels', 'annotations', 'ci'])
const WORDS = new Set(['in', 'has', 'true', 'false', 'null'])
const NAME = /^[A-Za-z_]\w*$/
const isName = (text: string | undefined): text is string =>
  text !== undefined && NAME.test(text) && !WORDS.has(text)

/** `labels.k8s.io/app` is `k8s.io/app` in `labels`. */
function partsOf(field: string): { map?: string; key: string } {
  const dot = field.indexOf('.')
  const map = field.slice(0, dot)
  return dot > 0 && MAPS.has(map) ? { map, key: field.slice(dot + 1) } : { key: field }
}
const isOwn = (field: string) => partsOf(field).map !== undefined
const written = (value: Value | undefined) => JSON.stringify(value ?? '')

/** A label may have any name: what is no word stands in brackets. */
function pathOf(field: string): string {
  const { map, key } = partsOf(field)
  return map === undefined || isName(key) ? field : `${map}[${written(key)}]`
}

function presenceOf(field: string): string {
  const { map, key } = partsOf(field)
  return isName(key) ? `has(${field})` : `${written(key)} in ${map}`
}

/** The expression of rows; without any it always holds. */
export const expressionOf = ({ join, rows }: Rows): string =>
  rows.length === 0 ? 'true' : rows.map(termOf).join(join === 'all' ? ' && ' : ' || ')

function termOf({ field, op, values }: Row): string {
  if (!(op in DENIES)) return assertionOf(field, op, values)
  const denied = assertionOf(field, DENIES[op as Denial], values)
  if (op === 'empty') {
    if (!isOwn(field)) return `${field} == ""`
    return denied.startsWith('has(') ? `!${denied}` : `!(${denied})`
  }
  // Whatever it has to be, what is missing is not: a bare comparison would be no answer at all.
  if (isOwn(field)) return `!(${presenceOf(field)} && ${denied})`
  if (op === 'is_not' && values.length === 1 && values[0] !== '') return `${field} != ${written(values[0])}`
  return DENIES[op as Denial] in METHODS ? `!${denied}` : `!(${denied})`
}

function assertionOf(field: string, op: Operator, values: Value[]): string {
  const [first] = values
  const path = pathOf(field)
  if (op === 'has') return `${written(first)} in ${path}`
  if (op in METHODS) return `${path}.${METHODS[op as keyof typeof METHODS]}(${written(first)})`
  if (op === 'filled') return isOwn(field) ? presenceOf(field) : `${field} != ""`
  if (op in COMPARES) return `${path} ${COMPARES[op as keyof typeof COMPARES]} ${written(first)}`
  // `== ""` is read as “is empty”: an answer that is still to be written stays one.
  const single = values.length === 1 && (first !== '' || isOwn(field))
  return single ? `${path} == ${written(first)}` : `${path} in [${values.map(written).join(', ')}]`
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
      const bare = row && (row.op in METHODS ? !isOwn(row.field) : row.op === 'filled' && isOwn(row.field))
      return bare ? denied(row) : null
    }
    const row = this.#assertion()
    if (!row) return null
    if (row.op === 'filled' && isOwn(row.field) && this.past('&&')) {
      const guarded = this.#assertion()
      const same = guarded?.field === row.field && guarded.op !== 'filled'
      return same && this.past(')') ? denied(guarded) : null
    }
    return this.past(')') && (row.op === 'filled' || !isOwn(row.field)) ? denied(row) : null
  }

  #assertion(): Row | null {
    if (this.past('has', '(')) {
      const field = this.#path()
      return field && isOwn(field) && this.past(')') ? { field, op: 'filled', values: [] } : null
    }
    const literal = this.#literal()
    if (literal !== undefined) {
      const field = this.past('in') ? this.#path() : null
      if (!field || !MAPS.has(field)) return field ? { field, op: 'has', values: [literal] } : null
      return typeof literal === 'string' ? { field: `${field}.${literal}`, op: 'filled', values: [] } : null
    }
    const field = this.#path()
    return field ? this.#about(field) : null
  }

  #about(field: string): Row | null {
    if (this.past('in', '[')) {
      const values = this.#list()
      return values ? { field, op: 'is', values } : null
    }
    for (const op of Object.keys(METHODS) as (keyof typeof METHODS)[]) {
      if (!this.past('.', METHODS[op], '(')) continue
      const value = this.#literal()
      return value !== undefined && this.past(')') ? { field, op, values: [value] } : null
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
    if (!isName(name)) return null
    if (!MAPS.has(name)) return name
    if (this.past('.')) {
      const key = this.take()
      return key !== undefined && NAME.test(key) ? `${name}.${key}` : null
    }
    if (!this.past('[')) return name
    const key = this.#literal()
    return typeof key === 'string' && this.past(']') ? `${name}.${key}` : null
  }

  #literal(): Value | undefined {
    const value = valueOf(this.#tokens[this.#at])
    if (value !== undefined) this.#at++
    return value
  }
}

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
