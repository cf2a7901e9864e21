import { DeskError, type FieldError } from '../activity/index.ts'
import type { PriorityTarget, Targets } from './policies.ts'

const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5']
const KINDS = ['incident', 'request', 'problem', 'change']
const MINUTE = 60_000
/** A year and a day of working time: more is no promise. */
const MOST = 366 * 1440 * MINUTE

export interface PolicyTerms {
  kinds: string[]
  serviceIds: string[]
  calendarId: string
  targets: Targets
}

/** Throws `invalid` with one error per field. */
export function checkTerms(terms: PolicyTerms): void {
  const errors: FieldError[] = []
  if (terms.kinds.length === 0 || terms.kinds.some((kind) => !KINDS.includes(kind)))
    errors.push({ path: 'kinds', message: `At least one of ${KINDS.join(', ')}.` })
  const promised = Object.entries(terms.targets)
  for (const [priority, target] of promised) {
    if (!PRIORITIES.includes(priority))
      errors.push({ path: `targets.${priority}`, message: 'Priorities are P1 to P5.' })
    else errors.push(...targetErrors(priority, target))
  }
  if (promised.every(([, target]) => target.response_ms === null && target.resolution_ms === null))
    errors.push({ path: 'targets', message: 'Promise something for at least one priority.' })
  if (errors.length > 0)
    throw new DeskError('invalid', 'This policy cannot be kept as it stands.', { errors })
}

function targetErrors(priority: string, target: PriorityTarget): FieldError[] {
  const { response_ms: response, resolution_ms: resolution } = target
  const wrong = (ms: number | null) => ms !== null && (!Number.isInteger(ms) || ms < MINUTE || ms > MOST)
  const errors: FieldError[] = []
  if (wrong(response))
    errors.push({ path: `targets.${priority}.response_ms`, message: 'Between a minute and a year.' })
  if (wrong(resolution))
    errors.push({ path: `targets.${priority}.resolution_ms`, message: 'Between a minute and a year.' })
  if (errors.length === 0 && response !== null && resolution !== null && response > resolution)
    errors.push({
      path: `targets.${priority}.response_ms`,
      message: 'A response cannot be due after the resolution.',
    })
  return errors
}
