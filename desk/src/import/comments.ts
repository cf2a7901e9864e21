import { clean } from './clean.ts'
import type { Zone } from './instant.ts'
import { textOfMarkup } from './markup.ts'
import type { Plan } from './plan.ts'
import { markdownOfWiki } from './wiki.ts'

export interface Comment {
  at: number | null
  author: string | null
  body: string
}

const LONGEST_NAME = 200
/** “2024-03-12 15:04:05 - Anna Rossi (Work notes)”, on a line of its own, begins an entry of ServiceNow's journals. */
const ENTRY = /^(.{8,30}?) - (.{1,200}) \([^()]{3,60}\)[ \t]*$/gm

/** What a cell of comments says: one, or of a journal its entries. What does not begin as its form has it is all text. */
export function commentsOf(plan: Plan, cell: string, zone: Zone | undefined): Comment[] {
  const text = clean(plan.mapping.html ? textOfMarkup(cell) : cell)
  if (text === '') return []
  const form = plan.mapping.comments?.form
  if (form === 'journal') return entriesOf(plan, text, zone)
  const whole = { at: null, author: null, body: bodyOf(plan, text) }
  if (form !== 'date;author;text') return [whole]
  const [date = '', author = '', ...rest] = text.split(';')
  const at = plan.instant(date.trim(), zone)
  if (at === undefined || rest.length === 0) return [whole]
  const name = plan.accounts.get(author.trim()) ?? author
  return [{ at, author: nameOf(name), body: bodyOf(plan, rest.join(';').trim()) }]
}

/** What people wrote, as it is written here. */
export const bodyOf = (plan: Plan, text: string): string =>
  plan.mapping.wiki ? markdownOfWiki(text, plan.accounts) : text

function entriesOf(plan: Plan, text: string, zone: Zone | undefined): Comment[] {
  const heads = [...text.matchAll(ENTRY)].flatMap((match) => {
    const at = plan.instant(match[1]!.trim(), zone)
    return at === undefined
      ? []
      : [{ at, author: nameOf(match[2]!), begin: match.index, body: match.index + match[0].length }]
  })
  const before = text.slice(0, heads[0]?.begin).trim()
  const entries = heads.map(({ at, author, body }, place) => ({
    at,
    author,
    body: text.slice(body, heads[place + 1]?.begin).trim(),
  }))
  const said = entries.filter(({ body }) => body !== '')
  return before === '' ? said : [{ at: null, author: null, body: before }, ...said]
}

const nameOf = (author: string) => author.trim().slice(0, LONGEST_NAME) || null
