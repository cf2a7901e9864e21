export { type Alert, type AlertFace, type Arrival, foldArrivals, type Folded, type Verdict } from './fold.ts'
export { lockAlerts } from './load.ts'
export { saveAlerts } from './save.ts'
export { type AlertState, type AlertStatus, decideAlert } from './state.ts'
