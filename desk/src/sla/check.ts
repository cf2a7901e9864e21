import { DeskError, type FieldError } from '../activity/index.ts'
import { PERCENTS } from './clock.ts'
import type { PolicyTerms, PriorityTarget, Targets } from './policies.ts'

const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5']
const KINDS = ['incident', 'request', 'problem', 'change']
const ESCALATED = ['response', 'resolution', 'update', 'ola']
const MINUTE = 60_000
/** A year and a day of working time: more is no promise. */
const MOST = 366 * 1440 * MINUTE
const MOST_OLAS = 100
const MOST_ESCALATIONS = 40
const SPAN = 'Between a minute and a year.'

/** Throws `invalid` with one error per field. */
export function checkTerms(terms: PolicyTerms): void {
  const errors: FieldError[] = []
  if (terms.kinds.length === 0 || terms.kinds.some((kind) => !KINDS.includes(kind)))
    errors.push({ path: 'kinds', message: `At least one of ${KINDS.join(', ')}.` })
  errors.push(...wrongTargets(terms.targets))
  const nothing = Object.values(terms.targets).every(
    (target) => target.response_ms === null && target.resolution_ms === null && !target.update_ms,
  )
  if (nothing && terms.olas.length === 0)
    errors.push({ path: 'targets', message: 'Promise something for at least one priority.' })
  errors.push(...olaErrors(terms), ...escalationErrors(terms))
  if (errors.length > 0)
    throw new DeskError('invalid', 'This policy cannot be kept as it stands.', { errors })
}

/** Throws `invalid` where targets could not be kept: also of those that nobody saves. */
export function checkTargets(targets: Targets): void {
  const errors = wrongTargets(targets)
  if (errors.length > 0) throw new DeskError('invalid', 'These targets cannot be kept.', { errors })
}

const wrongTargets = (targets: Targets): FieldError[] =>
  Object.entries(targets).flatMap(([priority, target]) =>
    PRIORITIES.includes(priority)
      ? targetErrors(priority, target)
      : [{ path: `targets.${priority}`, message: 'Priorities are P1 to P5.' }],
  )

const wrong = (ms: number | null | undefined) =>
  ms !== null && ms !== undefined && (!Number.isInteger(ms) || ms < MINUTE || ms > MOST)

function targetErrors(priority: string, target: PriorityTarget): FieldError[] {
  const errors: FieldError[] = (['response_ms', 'resolution_ms', 'update_ms'] as const)
    .filter((side) => wrong(target[side]))
    .map((side) => ({ path: `targets.${priority}.${side}`, message: SPAN }))
  const { response_ms: response, resolution_ms: resolution } = target
  if (errors.length === 0 && response !== null && resolution !== null && response > resolution)
    errors.push({
      path: `targets.${priority}.response_ms`,
      message: 'A response cannot be due after the resolution.',
    })
  return errors
}

function olaErrors({ olas }: PolicyTerms): FieldError[] {
  if (olas.length > MOST_OLAS) return [{ path: 'olas', message: `At most ${MOST_OLAS} teams.` }]
  return olas.flatMap(({ team_id, targets_ms }, position) => {
    const path = `olas.${position}`
    if (olas.findIndex((one) => one.team_id === team_id) < position)
      return [{ path: `${path}.team_id`, message: 'This team is listed twice.' }]
    const given = Object.entries(targets_ms)
    if (given.length === 0) return [{ path: `${path}.targets_ms`, message: 'Give a time for a priority.' }]
    return given
      .filter(([priority, ms]) => !PRIORITIES.includes(priority) || wrong(ms))
      .map(([priority]) => ({ path: `${path}.targets_ms.${priority}`, message: SPAN }))
  })
}

function escalationErrors({ escalations }: PolicyTerms): FieldError[] {
  if (escalations.length > MOST_ESCALATIONS)
    return [{ path: 'escalations', message: `At most ${MOST_ESCALATIONS} marks.` }]
  return escalations.flatMap((one, position) => {
    const path = `escalations.${position}`
    if (!ESCALATED.includes(one.target))
      return [{ path: `${path}.target`, message: `One of ${ESCALATED.join(', ')}.` }]
    if (!PERCENTS.includes(one.percent))
      return [{ path: `${path}.percent`, message: `One of ${PERCENTS.join(', ')}.` }]
    if (!one.escalation_policy_id && one.person_ids.length === 0 && one.team_ids.length === 0)
      return [{ path, message: 'Say whom this mark pages or tells.' }]
    const twice = escalations.findIndex(
      (other) => other.target === one.target && other.percent === one.percent,
    )
    return twice < position ? [{ path, message: 'This mark is listed twice.' }] : []
  })
}
