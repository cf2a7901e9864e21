import { z } from '@hono/zod-openapi'
import { DeskError, OPEN_STATES } from '@tocsin/desk'
import { TicketFilter } from './filter.ts'

/**
 * What stands before a colon and asks something of a ticket; all else that is typed is looked for in its words. The API's
 * document lists them, and the check of types holds the pages' chips against that.
 */
const OPERATORS = [
  'kind',
  'state',
  'status',
  'priority',
  'team',
  'service',
  'category',
  'field',
  'tag',
  'major',
  'assignee',
  'requester',
  'channel',
  'sla',
  'age',
  'created',
  'updated',
] as const satisfies readonly (keyof TicketFilter)[]
export const TicketOperator = z.enum(OPERATORS).openapi('TicketOperator')
type Operator = (typeof OPERATORS)[number]
type Values = Partial<Record<Operator, string[]>>

const ALONE: ReadonlySet<Operator> = new Set(['sla'])

export interface Typed {
  asked: Partial<TicketFilter>
  /** Behind a minus: what a ticket must not be. */
  without: Partial<TicketFilter>
  /** Words, phrases, and those behind a minus. */
  words: string
  /** Typed like an operator, though there is none of this name: searched for as it stands. */
  unknown: string[]
}

const VALUE = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s,"]+)`
// A phrase is passed over whole: what looks like an operator in it is a word.
const TOKEN = new RegExp(
  String.raw`-?"[^"]*"|(?<!\S)(-?)(field\.[a-z][a-z0-9_]{0,39}|[a-z]{2,}):(?!//)(${VALUE}(?:,${VALUE})*)(?=\s|$)`,
  'gi',
)

/** Reads `priority:P1 -team:"Service desk" "disk full" -test`. Throws `invalid` naming an operator whose value it cannot have. */
export function readTyped(text: string): Typed {
  const asked: Values = {}
  const without: Values = {}
  const unknown: string[] = []
  const words = text.replaceAll(TOKEN, (whole, minus?: string, name?: string, values?: string) => {
    if (name === undefined) return whole
    const [facet, key] = name.toLowerCase().split('.')
    const operator = OPERATORS.find((one) => one === facet)
    if (!operator) {
      unknown.push(whole)
      return whole
    }
    const into = minus ? without : asked
    into[operator] = [
      ...(into[operator] ?? []),
      ...split(values!).map((value) => plain(operator, value, key)),
    ]
    return ''
  })
  return { asked: checked(asked), without: checked(without), words: words.trim(), unknown }
}

const split = (values: string): string[] =>
  (values.match(/"(?:[^"\\]|\\.)*"|[^,"]+/g) ?? []).map((value) =>
    value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value,
  )

/** As the desk writes it: nobody types a priority in capitals. `field.cost:>9` is asked as `cost>9`. */
function plain(operator: Operator, value: string, key?: string): string {
  if (key) return /^[<>]/.test(value) ? `${key}${value}` : `${key}:${value}`
  if (operator === 'priority') return value.toUpperCase()
  return ['kind', 'state', 'sla', 'major', 'age', 'channel'].includes(operator) ? value.toLowerCase() : value
}

function checked(values: Values): Partial<TicketFilter> {
  return Object.fromEntries(
    Object.entries(values).map(([name, typed]) => {
      const operator = name as Operator
      const said = operator === 'state' ? states(typed) : [...new Set(typed)]
      if (ALONE.has(operator) && said.length > 1) throw wrong(operator, typed, 'one at a time')
      const read = TicketFilter.shape[operator].safeParse(
        said.map((value) => value.replaceAll(',', '\\,')).join(','),
      )
      if (!read.success) throw wrong(operator, typed, read.error.issues[0]!.message)
      return [operator, read.data]
    }),
  )
}

/** `open` alone is the list's own word; beside other states it is spelt out. */
const states = (typed: string[]): string[] =>
  typed.length === 1
    ? typed
    : [...new Set(typed.flatMap((one) => (one === 'open' ? (OPEN_STATES as string[]) : [one])))]

const wrong = (operator: Operator, typed: string[], message: string) =>
  new DeskError('invalid', `“${operator}:${typed.join(',')}” cannot be read.`, {
    errors: [{ path: operator, message }],
  })
