export { wakeReminders } from './answered.ts'
export { sweepReminders } from './fire.ts'
export { finishReminder, MOST_REMINDERS, remind, type RemindInput, snoozeReminder } from './remind.ts'
