import { sql } from 'kysely'
import type { Actor } from './actor.ts'
import type { Tx } from './transact.ts'

export type { ActivityRow } from '@tocsin/db'

export type Visibility = 'public' | 'internal' | 'audit'

export interface Line {
  verb: string
  subject: { kind: string; id: string }
  /** Set on every line that belongs to a ticket's timeline, with the ticket's revision after the change. */
  ticket?: { id: string; revision: number }
  /** When it happened, where that is not the moment of recording. */
  at?: Date
  /** Who, where that is not the transaction's actor. */
  actor?: Actor
  /** Ids, codes, numbers and instants only: a line cannot be erased. */
  before?: Record<string, unknown>
  after?: Record<string, unknown>
  cause?: { kind: string; id: string } & Record<string, unknown>
  /** The explanation of a decision. */
  why?: unknown
  /** public: the requester may see it; internal: those who work on it; audit: those who administer. */
  visibility?: Visibility
}

/** Writes lines into the record, in the transaction of the change they tell of. Answers their ids, in order. */
export async function record(tx: Tx, lines: Line[]): Promise<string[]> {
  if (lines.length === 0) return []
  const rows = lines.map((line, position) => {
    const actor = line.actor ?? tx.actor
    return {
      position,
      at: (line.at ?? tx.now).toISOString(),
      actor_kind: actor.kind,
      actor_id: actor.id,
      verb: line.verb,
      subject_kind: line.subject.kind,
      subject_id: line.subject.id,
      ticket_id: line.ticket?.id ?? null,
      revision: line.ticket?.revision ?? null,
      before: line.before ?? null,
      after: line.after ?? null,
      cause: line.cause ?? tx.cause ?? null,
      why: line.why ?? tx.why ?? null,
      visibility: line.visibility ?? 'internal',
    }
  })
  const { rows: written } = await sql<{ id: string }>`
    with given as (
      select uuidv7() as id, g.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(
        position int, at timestamptz(3), actor_kind text, actor_id uuid, verb text, subject_kind text, subject_id uuid,
        ticket_id uuid, revision int, before jsonb, after jsonb, cause jsonb, why jsonb, visibility text)
      order by position
    ), line as (
      insert into activity (id, recorded_at, at, actor_kind, actor_id, verb, subject_kind, subject_id,
                            ticket_id, revision, before, after, cause, why, visibility)
      select id, ${tx.now}::timestamptz(3), at, actor_kind, actor_id, verb, subject_kind, subject_id,
             ticket_id, revision, before, after, cause, why, visibility
      from given order by position
      returning id, recorded_at
    ), waiting as (
      insert into activity_waiting (id, recorded_at) select id, recorded_at from line
    ), told as materialized (select pg_notify('activity', ''))
    select id from given, told order by position`.execute(tx.db)
  return written.map((row) => row.id)
}
