import type { Generated } from 'kysely'
import type { JsonbOrNull } from './column.ts'

export interface ActivityTables {
  activity: ActivityTable
  activity_waiting: ActivityWaitingTable
  activity_place: ActivityPlaceTable
  feed_cursor: FeedCursorTable
  idempotency: IdempotencyTable
}

export interface ActivityTable {
  id: Generated<string>
  recorded_at: Generated<Date>
  at: Date
  actor_kind: 'person' | 'rule' | 'integration' | 'system'
  actor_id: string | null
  verb: string
  subject_kind: string
  subject_id: string
  ticket_id: string | null
  revision: number | null
  before: JsonbOrNull
  after: JsonbOrNull
  cause: JsonbOrNull
  why: JsonbOrNull
  visibility: 'public' | 'internal' | 'audit'
  version: Generated<number>
}

export interface ActivityWaitingTable {
  id: string
  recorded_at: Date
}

export interface ActivityPlaceTable {
  place: number
  id: string
  recorded_at: Date
}

export interface FeedCursorTable {
  reader: string
  place: Generated<number>
  updated_at: Generated<Date>
}

export interface IdempotencyTable {
  actor_id: string
  key: string
  request_hash: Buffer
  status: number | null
  response: JsonbOrNull
  created_at: Generated<Date>
}
