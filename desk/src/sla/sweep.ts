import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { type Line, record, recordOnTickets, transact, type Tx } from '../activity/index.ts'
import { type Breach, breachLine } from './breach.ts'
import type { Percent } from './clock.ts'
import { escalateMarks } from './escalate.ts'

const BATCH = 200

interface DueMark extends Breach {
  clockId: string
  percent: Percent
  dueAt: Date
  broken: boolean
  /** It was told before that the mark came due at this instant: a target that went and came back tells nothing new. */
  told: boolean
}

/**
 * Takes the marks of clocks that have come due: at 50, 75 and 90 % a line that warns, at 100 % the breach, once,
 * on the ticket's timeline. Tickets are locked first and busy ones left for the next sweep, so that nothing
 * waits for a person's change and no order of locks can turn.
 */
export async function sweepMarks(db: Db): Promise<number> {
  let ticketIds: string[] = []
  return transact(
    db,
    { kind: 'rule', id: null },
    async (tx) => {
      if (ticketIds.length === 0) return 0
      const marks = await takeMarks(tx, ticketIds)
      const broken = marks.filter((mark) => mark.percent === 100 && !mark.broken)
      await breakClocks(tx, broken)
      await recordOnTickets(tx, broken.map(breachLine))
      await record(tx, marks.filter(({ percent, told }) => percent < 100 && !told).map(warning))
      await escalateMarks(tx, marks)
      return marks.length
    },
    async (trx) => {
      const { rows } = await sql<{ id: string }>`
        select id from ticket where id in (
          select c.ticket_id from sla_mark m join sla_clock c on c.id = m.clock_id
          where m.reached_at is null and m.due_at < (select tocsin_now()) order by m.due_at limit ${BATCH})
        order by id for update skip locked`.execute(trx)
      ticketIds = rows.map((row) => row.id)
    },
  )
}

async function takeMarks(tx: Tx, ticketIds: string[]): Promise<DueMark[]> {
  const { rows } = await sql<DueMark>`
    update sla_mark m set reached_at = ${tx.now}, told_due_at = m.due_at
    from sla_clock c
    where c.id = m.clock_id and c.ticket_id = any(${ticketIds}::uuid[]) and m.reached_at is null and m.due_at < ${tx.now}
    returning m.clock_id as "clockId", m.percent, m.due_at as "dueAt", c.ticket_id as "ticketId", c.target,
      c.target_ms as "targetMs", c.policy_version_id as "policyVersionId", c.calendar_version_id as "calendarVersionId",
      greatest(m.due_at, c.set_at) as "breachedAt",
      c.breached_at is not null as broken, old.told_due_at is not distinct from new.due_at as told`.execute(
    tx.db,
  )
  return rows.toSorted((a, b) => +a.dueAt - +b.dueAt)
}

async function breakClocks(tx: Tx, broken: DueMark[]): Promise<void> {
  if (broken.length === 0) return
  await sql`
    update sla_clock set state = 'breached', breached_at = greatest(due_at, set_at), version = version + 1
    where id = any(${broken.map((mark) => mark.clockId)}::uuid[]) and breached_at is null`.execute(tx.db)
}

/** Not a line of the timeline: it changes nothing of the ticket, but rules and the stream may want to know. */
const warning = (mark: DueMark): Line => ({
  verb: 'sla-mark',
  subject: { kind: 'ticket', id: mark.ticketId },
  at: mark.dueAt,
  after: { target: mark.target, percent: mark.percent },
})
