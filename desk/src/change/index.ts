export { moveChange } from './move.ts'
