export { wakeReminders } from './answered.ts'
export { sweepReminders } from './fire.ts'
export { finishReminder, remind, type RemindInput, snoozeReminder } from './remind.ts'
