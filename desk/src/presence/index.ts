export { beat, hereNow, type Here, leave } from './here.ts'
