import { type Fields, isFields } from './adapter.ts'

/**
 * The fields of a body that somebody wrote as a template at the sender: names in any spelling (`EVENT.ID`,
 * `event_id`, `event: { id }` are all `eventid`), blanks left out, and variables that stayed unexpanded. Of two
 * with one name the first holds.
 */
export function templateFields(unexpanded: RegExp, ...bodies: Fields[]): Fields {
  const entries = bodies.flatMap((body) => spelled(body, ''))
  const said = entries.filter(([, value]) => !isBlank(value) && !isUnexpanded(value, unexpanded))
  return Object.fromEntries(said.toReversed())
}

/** Whether any of these fields holds a variable that its sender did not fill in, as its test buttons do. */
export const holdsVariable = (unexpanded: RegExp, bodies: Fields[], ...names: string[]): boolean =>
  bodies
    .flatMap((body) => spelled(body, ''))
    .some(([name, value]) => names.includes(name) && isUnexpanded(value, unexpanded))

const spelled = (fields: Fields, before: string): [string, unknown][] =>
  Object.entries(fields).flatMap(([name, value]) => {
    const key = before + name.toLowerCase().replace(/[^a-z0-9]/g, '')
    return isFields(value) && before === ''
      ? [[key, value] as [string, unknown], ...spelled(value, key)]
      : [[key, value]]
  })

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')

const isUnexpanded = (value: unknown, unexpanded: RegExp): boolean =>
  typeof value === 'string' && unexpanded.test(value.trim())
