export { bookTime, correctTime, type TimeEdit, type TimeInput, unbookTime } from './book.ts'
export { runClock, stopClock } from './clock.ts'
export { MOST_MINUTES } from './minutes.ts'
