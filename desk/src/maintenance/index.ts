export { cancelMaintenance, checkCoverage, createMaintenance, readWindows } from './create.ts'
export { type Covered, covers, type Window } from './covers.ts'
export { type Coverage, MaintenanceInput, Matcher } from './schema.ts'
export { spansOf } from './spans.ts'
