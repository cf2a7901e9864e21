export { type KnownHandling, readHandling, refreshHandling } from './handling.ts'
export { type ClockNow, explainNext, type Next } from './reason.ts'
export { sweepNext } from './sweep.ts'
