export { type Box, BOXES, discardDraft, type Draft, keepDraft, readDrafts } from './keep.ts'
