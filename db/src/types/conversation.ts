import type { Generated } from 'kysely'

export interface ConversationTables {
  wording: WordingTable
  message: MessageTable
  mention: MentionTable
  presence: PresenceTable
  attachment: AttachmentTable
  attachment_chunk: AttachmentChunkTable
  draft: DraftTable
}

export interface WordingTable {
  id: Generated<string>
  ticket_id: string
  field: string
  body: string
  erased_at: Date | null
  created_at: Generated<Date>
}

export interface MessageTable {
  id: Generated<string>
  ticket_id: string
  author_id: string | null
  kind: 'reply' | 'note'
  from_requester: Generated<boolean>
  body: string
  channel: Generated<string>
  created_at: Date
  erased_at: Date | null
}

export interface MentionTable {
  message_id: string
  person_id: string
  told: boolean
}

export interface PresenceTable {
  ticket_id: string
  person_id: string
  typing: 'reply' | 'note' | null
  since: Date
  at: Date
}

export interface AttachmentTable {
  id: Generated<string>
  ticket_id: string | null
  message_id: string | null
  uploader_id: string | null
  name: string
  content_type: string
  size: number
  sha256: Buffer
  visibility: Generated<'public' | 'internal'>
  created_at: Date
  erased_at: Date | null
}

export interface AttachmentChunkTable {
  attachment_id: string
  position: number
  data: Buffer
}

export interface DraftTable {
  person_id: string
  ticket_id: string
  box: 'reply' | 'note' | 'solution' | 'what_happened' | 'impact' | 'root_cause' | 'went_well' | 'went_badly'
  body: string
  version: Generated<string>
  kept_at: Date
}
