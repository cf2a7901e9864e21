import { Columns } from '../columns.ts'
import { Mapping, type Source } from '../mapping.ts'
import { freshservice } from './freshservice.ts'
import { glpi } from './glpi.ts'
import { guessMapping } from './guess.ts'
import { jira } from './jira.ts'
import { osticket } from './osticket.ts'
import type { Shown } from './shown.ts'
import { servicenow } from './servicenow.ts'
import { zammad } from './zammad.ts'

/** Mappings for the exports of other desks, to be used as they are or to begin with. */
export const READY_MAPPINGS: Record<string, Mapping> = {
  servicenow: Mapping.parse(servicenow),
  jira: Mapping.parse(jira),
  zammad: Mapping.parse(zammad),
  glpi: Mapping.parse(glpi),
  freshservice: Mapping.parse(freshservice),
  osticket: Mapping.parse(osticket),
}

/**
 * The ready mapping that finds most of its columns, its number, opening and state among them; undefined where none does,
 * or where the names of the columns tell more.
 */
export function suggestMapping(header: string[], shown?: Shown): string | undefined {
  const fits = Object.entries(READY_MAPPINGS).map(([name, mapping]) => {
    const columns = new Columns(header, [])
    const has = (source: Source | undefined) => columns.reader(source) !== undefined
    const { number, created_at, state } = mapping
    if (typeof number === 'object' && 'line' in number) return { name, found: 0 }
    if (columns.places(number).length === 0 || !has(created_at) || !has(state?.from))
      return { name, found: 0 }
    return { name, found: fieldsOf(mapping, has) }
  })
  const best = fits.toSorted((a, b) => b.found - a.found)[0]!
  if (best.found === 0) return undefined
  const guess = guessMapping(header, shown)
  const columns = new Columns(header, [])
  const guessed = guess ? fieldsOf(guess, (source) => columns.reader(source) !== undefined) : 0
  return best.found + ALLOWED >= guessed ? best.name : undefined
}

/** A ready mapping knows the words of its desk, which outweighs this many columns. */
const ALLOWED = 2
const SAID = new Set(['source', 'rows', 'order', 'zone', 'dates', 'missing'])
const fieldsOf = (mapping: Mapping, has: (source: Source | undefined) => boolean) =>
  Object.entries(mapping).filter(([field, part]) => !SAID.has(field) && has(sourceIn(part))).length

/** What to begin with: the ready mapping that fits, else one by the names of the columns and by what stands in them. */
export function beginMapping(header: string[], shown?: Shown): Mapping | undefined {
  const ready = suggestMapping(header, shown)
  return ready ? READY_MAPPINGS[ready] : guessMapping(header, shown)
}

/** The columns that a part of a mapping names, where it names any. */
function sourceIn(part: unknown): Source | undefined {
  const from = typeof part === 'object' && part !== null && 'from' in part ? part.from : part
  const named =
    typeof from === 'string' ||
    Array.isArray(from) ||
    (typeof from === 'object' && from !== null && 'join' in from)
  return named ? (from as Source) : undefined
}
