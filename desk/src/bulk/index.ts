export { type Wanting, editTickets, type Edited, freshEditId, type Refusal, SHARE } from './edit.ts'
export { readWish, type Spoken } from './speak.ts'
export { undoEdit } from './undo.ts'
export type { Wish, WishedStep } from './wish.ts'
