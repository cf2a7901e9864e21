export { type Foretold, type HeldOdds, type Outlook, readHeldOdds, readOutlook } from './read.ts'
export { HORIZON_HOURS, sweepForecasts } from './sweep.ts'
