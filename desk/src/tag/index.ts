export { mergeTags, renameTag } from './arrange.ts'
export { normaliseTag } from './name.ts'
export { holdTags, MOST_TAGS, namesOf, tagTicket, untagTicket } from './tag-ticket.ts'
