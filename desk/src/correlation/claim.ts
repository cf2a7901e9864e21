import type { Severity } from '@tocsin/db'
import type { Alert, AlertFace, Muted } from '../alert/index.ts'
import { covers } from '../maintenance/index.ts'
import type { Context } from './context.ts'
import { factsOf } from '../event/index.ts'
import { groupOf, matchedFields } from './group.ts'
import { DEFAULT_RULE, type Match } from './match.ts'
import type { ClaimOfAlert } from './place.ts'
import type { SubjectOf } from './subjects.ts'

/** An alert as an event shows it, or as it stands. */
export interface Shown {
  face: AlertFace
  key: string
  severity: Severity
  /** How its sender groups it, where it does. */
  senderGroup: string | null
}

const factsIn = (context: Context, subjectOf: SubjectOf, { senderGroup, ...shown }: Shown) =>
  factsOf(
    { ...shown, groupKey: senderGroup, subject: subjectOf(shown.face) },
    { system: context.system, integration: context.integration },
    context.wall,
  )

/** The window or silence in force that covers it and ends last; null where none does. */
export function mutedBy(context: Context, subjectOf: SubjectOf, shown: Shown): Muted | null {
  if (context.windows.length === 0) return null
  const facts = factsIn(context, subjectOf, shown)
  const covered = { facts, subject: subjectOf(shown.face), integrationId: context.integrationId }
  const window = context.windows.find((one) => covers(one, covered))
  return window ? { window: window.id, until: window.until } : null
}

/** The rule that decides about it: the first of people's own, else the default. */
export function matchOf(context: Context, subjectOf: SubjectOf, shown: Shown): Match {
  const { face, key, senderGroup } = shown
  const own = context.rules.match(factsIn(context, subjectOf, shown))
  if (own) return own
  const groupKey = groupOf({ group_key: senderGroup, labels: face.labels, dedup_key: key })
  return {
    rule: DEFAULT_RULE,
    version: context.rules.set.version,
    own: null,
    groupKey,
    matched: matchedFields(groupKey, face.labels),
    terms: null,
  }
}

/** What it asks for. `quiet`: it may join what is open, and open nothing. */
export function claimOf(
  context: Context,
  subjectOf: SubjectOf,
  {
    alert,
    match,
    severity,
    cause,
    quiet,
  }: {
    alert: Alert
    match: Match
    severity: Severity
    cause: ClaimOfAlert['cause']
    quiet: boolean
  },
): ClaimOfAlert {
  const subject = subjectOf(alert.face)
  const serviceId = match.own?.service_id ?? subject.service?.id ?? context.serviceId
  return {
    key: alert.key,
    episode: alert.state.episode,
    continues: null,
    match,
    // A rule of people's own says itself what opens; else the severity does.
    mayOpen: !quiet && (match.own !== null || context.severities[severity].opens),
    integrationId: context.integrationId,
    node: subject.ci?.id ?? serviceId,
    onCi: subject.ci !== null,
    serviceId,
    alert,
    severity,
    subject,
    cause,
  }
}

/** The sender's own group, as the default rule's group key still holds it. */
export const senderGroupOf = (groupKey: string): string | null =>
  groupKey.startsWith('group:') ? groupKey.slice('group:'.length) : null
