import { DeskError } from '../activity/index.ts'

/** What a prepared text may ask of a ticket, and of whoever writes. */
export const VARIABLES = [
  'ticket.number',
  'ticket.title',
  'ticket.priority',
  'ticket.service',
  'ticket.category',
  'ticket.team',
  'ticket.opened',
  'ticket.due',
  'ticket.link',
  'requester.name',
  'requester.first_name',
  'assignee.name',
  'agent.name',
  'agent.first_name',
] as const
export type Variable = (typeof VARIABLES)[number]
export type Values = Record<Variable, string | null>

const PLACE = /\{\{([^{}]*)\}\}/g
const MOST = 500
const known = new Set<string>(VARIABLES)

/** Refuses a text that asks for what there is not, by the name that it asks for. */
export function demandVariables(text: string, path: string): void {
  const unknown = [
    ...new Set([...text.matchAll(PLACE)].map(([, name]) => name!.trim()).filter((name) => !known.has(name))),
  ]
  if (unknown.length === 0) return
  throw new DeskError('invalid', `There is no variable ${unknown.map((name) => `{{${name}}}`).join(', ')}.`, {
    errors: [{ path, message: `unknown: ${unknown.map((name) => `{{${name}}}`).join(', ')}` }],
  })
}

/**
 * The text with what it asks for in its place, read once: a value that looks like a variable stays what it is. `missing`
 * are those that the ticket has nothing for.
 */
export function fillIn(text: string, values: Values): { text: string; missing: Variable[] } {
  const missing = new Set<Variable>()
  const filled = text.replace(PLACE, (place, given: string) => {
    const name = given.trim() as Variable
    if (!known.has(name)) return place
    const value = values[name]
    if (value === null || value.trim() === '') missing.add(name)
    return value === null ? '' : inert(value)
  })
  return { text: filled, missing: [...missing] }
}

// Of Markdown, what could begin a link, an image, emphasis, code or a tag; and what at a line's start begins a block.
const SIGNS = /[\\`*_[\]<>~|]/g
const BLOCK = /^(?=[#+-])|^(?<number>\d+)(?=[.)])/
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069]+/gu

/** One line of plain words, whatever somebody called their ticket or themselves. */
export const inert = (value: string): string =>
  value
    .toWellFormed()
    .replace(UNSEEN, ' ')
    .trim()
    .slice(0, MOST)
    .replace(SIGNS, String.raw`\$&`)
    .replace(BLOCK, (_, number?: string) => (number ? `${number}\\` : '\\'))
