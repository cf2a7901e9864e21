export { olderThanKept } from './older.ts'
export { sweepRetention } from './sweep.ts'
