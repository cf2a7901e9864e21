export { attachFiles, bindFiles } from './attach.ts'
export { dropDrafts, keepFile, type KeptFile, MAX_FILES, sweepDrafts } from './keep.ts'
export { contentTypeOf, safeFileName, SHOWABLE } from './name.ts'
export { findAttachment, readAttachment } from './read.ts'
