import type { Generated } from 'kysely'

export interface WorklogTables {
  work_entry: WorkEntryTable
  work_clock: WorkClockTable
  reminder: ReminderTable
}

export interface WorkEntryTable {
  id: Generated<string>
  ticket_id: string
  person_id: string
  minutes: number
  what: Generated<string>
  at: Date
  removed_at: Date | null
  created_at: Date
  revision: Generated<number>
}

export interface WorkClockTable {
  person_id: string
  ticket_id: string
  started_at: Date
}

export interface ReminderTable {
  id: Generated<string>
  person_id: string
  ticket_id: string
  kind: 'time' | 'answer' | 'unchanged'
  due_at: Date | null
  note: Generated<string>
  seen_revision: number
  state: Generated<'waiting' | 'fired' | 'done' | 'lapsed'>
  lapsed_for: 'changed' | 'unseen' | null
  fired_at: Date | null
  created_at: Date
  revision: Generated<number>
}
