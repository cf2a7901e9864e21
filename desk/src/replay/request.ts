import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { readRuleset, type RulesetBody } from '../correlation/index.ts'

const LONGEST_MS = 400 * 86_400_000
const MOST_WAITING = 10

export interface ReplayInput {
  from: Date
  to: Date
  /** A draft; else the version that is given, else the rules in force. */
  rules?: RulesetBody
  version?: number
}

/** Since when everything that a replay needs is recorded; null: not yet. */
export async function recordedSince(db: Db | Tx['db']): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`select min(at) as at from checkpoint`.execute(db)
  return rows[0]!.at
}

/** Asks for a replay; an engine takes it up. Throws `invalid` for a period that was not recorded whole. */
export async function askReplay(tx: Tx, { from, to, rules, version }: ReplayInput): Promise<string> {
  await checkPeriod(tx, from, to)
  const { rows: waiting } = await sql`
    select from replay where state in ('waiting', 'running') limit ${MOST_WAITING}`.execute(tx.db)
  if (waiting.length === MOST_WAITING)
    throw new DeskError('conflict', 'Enough replays are waiting. Let one finish, or cancel one.')
  const { version: known, ...body } = rules ? { ...rules, version: null } : await readRuleset(tx.db, version)
  const { rows } = await sql<{ id: string }>`
    insert into replay (asked_by, created_at, from_at, to_at, ruleset_version, body)
    values (${tx.actor.kind === 'person' ? tx.actor.id : null}, ${tx.now}, ${from}, ${to}, ${known}, ${JSON.stringify(body)}::jsonb)
    returning id`.execute(tx.db)
  const { id } = rows[0]!
  await record(tx, [
    {
      verb: 'ask',
      subject: { kind: 'replay', id },
      after: { from: from.toISOString(), to: to.toISOString(), ruleset: known, rules: body.rules.length },
      visibility: 'audit',
    },
  ])
  return id
}

async function checkPeriod(tx: Tx, from: Date, to: Date): Promise<void> {
  const refuse = (path: string, message: string): never => {
    throw new DeskError('invalid', 'This period cannot be replayed.', { errors: [{ path, message }] })
  }
  if (!(to > from)) refuse('to', 'it must end after it begins')
  if (to.getTime() - from.getTime() > LONGEST_MS) refuse('to', '400 days at most')
  if (to > tx.now) refuse('to', 'it has not happened yet')
  const since = await recordedSince(tx.db)
  if (!since) return refuse('from', 'nothing is recorded yet; come again in a minute')
  if (from < since) refuse('from', `what a replay needs is kept since ${since.toISOString()}`)
}

/** Stops it where it waits or runs. One that has ended stays as it is. */
export async function cancelReplay(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ before: string }>`
    update replay set finished_at = case when state in ('waiting', 'running') then ${tx.now}::timestamptz else finished_at end,
      state = case when state in ('waiting', 'running') then 'cancelled' else state end
    where id = ${id} returning old.state as before`.execute(tx.db)
  const { before } = found(rows[0], 'replay')
  if (before !== 'waiting' && before !== 'running') return
  await record(tx, [{ verb: 'cancel', subject: { kind: 'replay', id }, visibility: 'audit' }])
}
