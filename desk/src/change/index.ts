export { clashesOf, followedBy } from './around.ts'
export { type CalendarChange, changesCalendar } from './ics.ts'
export { editWithWindows, moveChange } from './move.ts'
export { TOUCHED_ITEMS, TOUCHED_SERVICES } from './touched.ts'
