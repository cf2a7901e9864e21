import type { Event } from '@tocsin/desk'
import { type Fields, isFields, isText } from './adapter.ts'

/** What lies at a path of names and positions, `data.essentials.alertTargetIDs.0`; undefined where it ends early. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Fields)[step]
  }
  return at
}

/** The first of these paths at which there is text or a number, as text. */
export function textAt(value: unknown, ...paths: string[]): string | null {
  for (const path of paths) {
    const found = valueAt(value, path)
    if (isText(found)) return found
    if (typeof found === 'number') return String(found)
  }
  return null
}

/** The list at a path; an only element stands for a list of one. */
export function listAt(value: unknown, path: string): unknown[] {
  const found = valueAt(value, path)
  if (Array.isArray(found)) return found
  return found === undefined || found === null || found === '' ? [] : [found]
}

/** Those that say something: labels out of fields that may be absent. */
export const present = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  )

/** Whether more of a body's fields are unknown to a form than known: another's, with a name in common. */
export const isForeign = (body: Fields, known: ReadonlySet<string>): boolean => {
  const names = Object.keys(body)
  return names.filter((name) => known.has(name)).length * 2 < names.length
}

/** A key of several parts. Never joined by a sign that a part may hold: two alerts would become one. */
export const identity = (...parts: (string | null)[]): string => JSON.stringify(parts)

/** An object that some senders, or their forms, write as text. */
export function asFields(value: unknown): Fields {
  if (isFields(value)) return value
  const read = fromText(value)
  return isFields(read) ? read : {}
}

/** What JSON in a text says; undefined where it is plain text. */
export function fromText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined
  try {
    return JSON.parse(value)
  } catch {
    // A text that begins like JSON and is none is a text.
    return undefined
  }
}

/** What stands under a word in a table; a word of the language's own, `constructor`, is a word like any other. */
export const wordIn = <T>(words: Record<string, T>, word: string | null | undefined): T | undefined =>
  word !== null && word !== undefined && Object.hasOwn(words, word) ? words[word] : undefined

/** What a sender's word means; one that changes no alert is a note. */
export const kindOf = (kinds: Record<string, Event['kind']>, word: string): Event['kind'] =>
  Object.hasOwn(kinds, word) ? kinds[word]! : 'note'
