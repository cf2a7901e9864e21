import type { Alert, AlertFace } from './fold.ts'
import { dueAt, isFlapping } from './restraint.ts'

/** How far the instant that lists sort by may stay behind. */
const WHOLE_EVERY_MS = 60_000

/**
 * Whether nothing about an alert has changed but that it was heard again: its row is then touched in columns that no
 * index covers. Once a minute it is written whole all the same, which also looks its service and item up anew.
 */
export function isMereRepeat(before: Alert | undefined, after: Alert): boolean {
  if (!before?.written) return false
  const { seenAt, dueAt: due } = before.written
  if (after.state.lastAt - seenAt >= WHOLE_EVERY_MS) return false
  const next = dueAt(after.state, after.restraint, after.terms)
  // Due too early costs one look that finds nothing to do; too late would keep what should end.
  if ((due === null) !== (next === null) || (due !== null && next !== null && next < due)) return false
  return sameState(before, after) && sameRestraint(before, after) && sameFace(before.face, after.face)
}

const sameState = (before: Alert, after: Alert): boolean =>
  before.state.status === after.state.status &&
  before.state.episode === after.state.episode &&
  before.state.endsAt === after.state.endsAt &&
  before.state.acknowledgedAt === after.state.acknowledgedAt &&
  before.groupKey === after.groupKey &&
  before.ticketId === after.ticketId

const sameRestraint = (before: Alert, after: Alert): boolean => {
  const [was, is] = [before.restraint, after.restraint]
  return (
    was.held?.by === is.held?.by &&
    was.held?.until === is.held?.until &&
    was.held?.window === is.held?.window &&
    was.snoozedUntil === is.snoozedUntil &&
    isFlapping(was) === isFlapping(is)
  )
}

const sameFace = (before: AlertFace, after: AlertFace): boolean =>
  before.title === after.title &&
  before.severity_raw === after.severity_raw &&
  before.resource === after.resource &&
  before.service === after.service &&
  before.host === after.host &&
  before.link === after.link &&
  sameWords(before.labels, after.labels) &&
  sameWords(before.annotations, after.annotations) &&
  sameWords(before.enriched ?? {}, after.enriched ?? {})

function sameWords(before: Record<string, string>, after: Record<string, string>): boolean {
  const names = Object.keys(before)
  return (
    names.length === Object.keys(after).length &&
    names.every((name) => Object.hasOwn(after, name) && before[name] === after[name])
  )
}
