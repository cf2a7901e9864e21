export { checkRota } from './check-schedule.ts'
export {
  archiveSchedule,
  createSchedule,
  editSchedule,
  type ScheduleChange,
  type ScheduleInput,
} from './edit-schedule.ts'
export { cancelOverride, demandOverride, overrideShift, type OverrideInput } from './override.ts'
export {
  type MyShift,
  type OnCallNow,
  readMyShifts,
  readOnCallNow,
  readShifts,
  whoIsOnFor,
} from './read-oncall.ts'
export { loadRotas, type Rota } from './rota.ts'
export type { OnCall, OnCallWhy, Override, Rotation, ScheduleVersion, Shift } from './schedule.ts'
export { shiftsOf, whoIsOn } from './who.ts'
