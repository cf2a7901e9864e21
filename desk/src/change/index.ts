export { clashesOf, followedBy } from './around.ts'
export { type CalendarChange, changesCalendar } from './ics.ts'
export { editWithWindows, moveChange } from './move.ts'
export { liftWindows } from './window.ts'
