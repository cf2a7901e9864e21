import type { FieldError } from '../activity/index.ts'
import { wrongRecurrence } from '../calendar/index.ts'
import type { CustomField } from '../form/index.ts'
import type { RuleTrigger } from './looks.ts'
import type { AutomationRule } from './rules.ts'
import { DATED } from './fill.ts'
import { type Named, wrongText } from './wrong-action.ts'

/** What is wrong with when a rule looks, and with what follows from that. */
export function wrongTrigger(
  path: string,
  { on, when, actions }: AutomationRule,
  fields: readonly CustomField[],
): FieldError[] {
  const opens = on.kind === 'schedule' && on.opens !== null
  const errors =
    on.kind === 'schedule' ? wrongSchedule(on) : on.kind === 'before' ? wrongDate(on, fields) : []
  return [
    ...errors.map((error) => ({ ...error, path: `${path}.on.${error.path}` })),
    ...(actions.length === 0 && !opens
      ? [{ path: `${path}.actions`, message: 'names nothing that it does' }]
      : []),
    ...(opens && when.trim() !== 'true'
      ? [{ path: `${path}.when`, message: 'what opens a ticket has none: true' }]
      : []),
  ]
}

function wrongSchedule(on: Extract<RuleTrigger, { kind: 'schedule' }>): FieldError[] {
  const wrong = wrongRecurrence(on)
  const { opens } = on
  return [
    ...(wrong ? [wrong] : []),
    ...(opens
      ? [...wrongText('opens.title', opens.title, DATED), ...wrongText('opens.text', opens.text, DATED)]
      : []),
  ]
}

function wrongDate(
  { date, field }: Extract<RuleTrigger, { kind: 'before' }>,
  fields: readonly CustomField[],
): FieldError[] {
  if (date !== 'field') return field === null ? [] : [{ path: 'field', message: 'belongs to a field alone' }]
  const known = fields.find((one) => one.key === field)
  if (!known) return [{ path: 'field', message: 'there is no such field' }]
  return known.type === 'date' ? [] : [{ path: 'field', message: 'is no date' }]
}

/** What the ticket that a schedule opens names. */
export function namedByTrigger(path: string, on: RuleTrigger): Named[] {
  if (on.kind !== 'schedule' || !on.opens) return []
  const { service_id, category_id, team_id, requester_id } = on.opens
  const named = { service_id, category_id, team_id, requester_id }
  const what = { service_id: 'service', category_id: 'category', team_id: 'team', requester_id: 'person' }
  return (Object.keys(named) as (keyof typeof named)[]).flatMap((field) => {
    const id = named[field]
    return id ? [{ path: `${path}.opens.${field}`, what: what[field], id }] : []
  })
}
