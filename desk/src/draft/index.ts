export { type Box, BOXES, discardDraft, discardDrafts, type Draft, keepDraft, readDrafts } from './keep.ts'
