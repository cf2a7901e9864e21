import type { Db } from '@tocsin/db'
import { DeskError } from '@tocsin/desk'
import { sql } from 'kysely'

type Sign = '=' | '<' | '<=' | '>' | '>=' | '~' | ':'
interface Part {
  key: string
  sign: Sign
  value: string
}

/** What is asked of the answers to one question: any of the values or words, and each bound. */
export interface AskedOf {
  values: string[]
  /** Texts whose words the answer has. */
  words: string[]
  bounds: { sign: '<' | '<=' | '>' | '>='; at: string }[]
}

const PART = /^\s*([a-z][a-z0-9_]{0,39})(>=|<=|[=<>~:])(.+)$/s
const NUMBER = /^-?\d{1,15}(\.\d{1,10})?$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

const refuse = (message: string): never => {
  throw new DeskError(
    'invalid',
    'A field is asked for as key=value, key>100, key=2026-11-02..2026-11-08 or key~word.',
    {
      errors: [{ path: 'field', message }],
    },
  )
}

function partsOf(text: string): Part[] {
  return text.split(/(?<!\\),/).map((part) => {
    const [, key, sign, value] = PART.exec(part.replaceAll('\\,', ',')) ?? []
    return key && value ? { key, sign: sign as Sign, value } : refuse('key=value')
  })
}

/** What is asked, by the key of its field. */
export function readFieldFilter(text: string): Map<string, AskedOf> {
  const wanted = new Map<string, AskedOf>()
  for (const { key, sign, value } of partsOf(text)) {
    const asked = wanted.get(key) ?? { values: [], words: [], bounds: [] }
    wanted.set(key, asked)
    const [, from, to] = /^(.*)\.\.(.*)$/s.exec(value) ?? []
    if (sign === '~') asked.words.push(value)
    else if (sign !== '=' && sign !== ':') asked.bounds.push({ sign, at: boundOf(value) })
    else if (isSpan(from, to)) {
      if (from) asked.bounds.push({ sign: '>=', at: boundOf(from) })
      if (to) asked.bounds.push({ sign: '<=', at: boundOf(to) })
    } else asked.values.push(value)
  }
  return wanted
}

const isBound = (text: string | undefined) => text === '' || NUMBER.test(text ?? '') || DAY.test(text ?? '')
const isSpan = (from: string | undefined, to: string | undefined): boolean =>
  isBound(from) && isBound(to) && `${from}${to}` !== ''

/** As answers are kept to be compared: a number, or the digits of a day. */
function boundOf(text: string): string {
  const value = text.trim()
  if (NUMBER.test(value)) return value
  return DAY.test(value) ? value.replaceAll('-', '') : refuse('a number, or a day as 2026-11-02')
}

/**
 * The same filter as its fields are answered: people by their ids, whoever names them by name or e-mail, and of a
 * written answer (`key:word`) its words. Nobody of that name: finds nothing.
 */
export async function readAnswersAsked(db: Db, text: string): Promise<string> {
  const parts = partsOf(text)
  const { rows } = await sql<{ key: string; type: string }>`
    select key, type from custom_field where key = any(${parts.map(({ key }) => key)}::text[])`.execute(db)
  const types = new Map(rows.map(({ key, type }) => [key, type]))
  const signed = parts.map((part) =>
    part.sign === ':' ? { ...part, sign: meant(types.get(part.key), part.value) } : part,
  )
  const named = signed.filter(({ key, sign }) => sign === '=' && types.get(key) === 'person')
  const people = await idsOf(
    db,
    named.map(({ value }) => value),
  )
  return signed
    .flatMap((part) =>
      named.includes(part)
        ? [part, ...(people.get(part.value) ?? []).map((value) => ({ ...part, value }))]
        : [part],
    )
    .map(({ key, sign, value }) => `${key}${sign}${value.replaceAll(',', '\\,')}`)
    .join(',')
}

/** What somebody writes is looked for by its words; what is chosen or counted, as it is. */
function meant(type: string | undefined, value: string): '=' | '~' {
  if (type) return type === 'text' || type === 'textarea' ? '~' : '='
  return NUMBER.test(value) || DAY.test(value) || value.includes('..') ? '=' : '~'
}

async function idsOf(db: Db, names: string[]): Promise<Map<string, string[]>> {
  if (names.length === 0) return new Map()
  const { rows } = await sql<{ name: string; ids: string[] }>`
    select g.name, array_agg(p.id::text) as ids from unnest(${names}::text[]) as g(name)
    join person p on p.folded_name = fold_text(g.name) or lower(p.email) = lower(g.name)
    group by g.name`.execute(db)
  return new Map(rows.map(({ name, ids }) => [name, ids]))
}
