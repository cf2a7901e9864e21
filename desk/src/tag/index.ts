export { mergeTags, renameTag } from './arrange.ts'
export { normaliseTag } from './name.ts'
export { MOST_TAGS, tagTicket, untagTicket } from './tag-ticket.ts'
