import type { AlertStatus, Kind, Level, Severity, State } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'

// The field's words for codes, in the language of the page. An unknown code is shown as it is.
const states: Record<State, () => string> = {
  new: m.state_new,
  in_progress: m.state_in_progress,
  pending: m.state_pending,
  fixing: m.state_fixing,
  assess: m.state_assess,
  authorize: m.state_authorize,
  scheduled: m.state_scheduled,
  implement: m.state_implement,
  review: m.state_review,
  resolved: m.state_resolved,
  closed: m.state_closed,
  cancelled: m.state_cancelled,
}
const kinds: Record<Kind, () => string> = {
  incident: m.kind_incident,
  request: m.kind_request,
  problem: m.kind_problem,
  change: m.kind_change,
}
const severities: Record<Severity, () => string> = {
  critical: m.severity_critical,
  error: m.severity_error,
  warning: m.severity_warning,
  info: m.severity_info,
  ok: m.severity_ok,
}
const alertStatuses: Record<AlertStatus, () => string> = {
  firing: m.alert_firing,
  acknowledged: m.alert_acknowledged,
  suppressed: m.alert_suppressed,
  resolved: m.alert_resolved,
}
const levels: Record<Level, () => string> = { high: m.level_high, medium: m.level_medium, low: m.level_low }
const reasons: Record<string, () => string> = {
  requester: m.pending_requester,
  vendor: m.pending_vendor,
  change: m.pending_change,
  other: m.pending_other,
}
const channels: Record<string, () => string> = {
  monitoring: m.channel_monitoring,
  portal: m.channel_portal,
  desk: m.channel_desk,
  email: m.channel_email,
  api: m.channel_api,
  import: m.channel_import,
}

export const stateWord = (state: State): string => states[state]?.() ?? state
export const kindWord = (kind: Kind): string => kinds[kind]?.() ?? kind
export const severityWord = (severity: Severity): string => severities[severity]?.() ?? severity
export const alertStatusWord = (status: AlertStatus): string => alertStatuses[status]?.() ?? status
export const levelWord = (level: Level): string => levels[level]?.() ?? level
export const pendingWord = (reason: string | null): string => (reason ? (reasons[reason]?.() ?? reason) : '')
export const channelNames = Object.keys(channels)
export const channelWord = (channel: string): string => channels[channel]?.() ?? channel
