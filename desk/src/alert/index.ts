export {
  type Alert,
  type AlertFace,
  type Arrival,
  faceOf,
  foldArrivals,
  type Folded,
  type Judge,
  type Verdict,
} from './fold.ts'
export { ageAlert, type Aged } from './age.ts'
export { ALERT_COLUMNS, alertFromJson, lockAlerts, lockDueAlerts } from './load.ts'
export { saveAlerts } from './save.ts'
export type { AlertState, AlertStatus } from './state.ts'
export {
  acknowledgeAlert,
  acknowledgeWithAlerts,
  assignWithAlerts,
  lockAlertsOf,
  lockWithAlerts,
  markFiringOf,
} from './acknowledge.ts'
export { dueAt, type Held, type Muted, NO_TERMS, suppresses, type Terms } from './restraint.ts'
export { snoozeAlert } from './snooze.ts'
export { unsnoozeAlert } from './unsnooze.ts'
export { inMilliseconds, Patience, setPatience, termsOf, usualPatience } from './patience.ts'
