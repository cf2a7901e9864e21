import type { Db } from '@tocsin/db'
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { askForLook } from '../ticket/index.ts'

const cap = z.int().min(1).max(1000).nullable()

/** How a team hands its tickets out. */
export const AssignmentSettings = z.strictObject({
  mode: z.enum(['off', 'round_robin', 'least_loaded']),
  /** When its people work: always, by a calendar (their own, else this one), or while a schedule has them on call. */
  works_by: z.enum(['always', 'calendar', 'schedule']),
  calendar_id: z.uuid().nullable(),
  schedule_id: z.uuid().nullable(),
  /** Open tickets that one person may hold; null: any number. */
  cap,
  /** Whose working time ends, or who goes away, hands their open tickets that do not wait back. */
  hand_back: z.boolean(),
})
export type AssignmentSettings = z.infer<typeof AssignmentSettings>

/** What holds for a team that nobody has set. */
export const NO_ASSIGNMENT: AssignmentSettings = {
  mode: 'off',
  works_by: 'always',
  calendar_id: null,
  schedule_id: null,
  cap: null,
  hand_back: false,
}

export const MemberSettings = z.strictObject({
  /** Is given nothing by the desk, whatever the rest says. */
  exempt: z.boolean(),
  /** Own limit; null: the team's. */
  cap,
})
export type MemberSettings = z.infer<typeof MemberSettings>

export async function readSettingsOf(db: Db | Tx['db'], teamId: string): Promise<AssignmentSettings> {
  const row = await db
    .selectFrom('team_assignment')
    .select(['mode', 'works_by', 'calendar_id', 'schedule_id', 'cap', 'hand_back'])
    .where('team_id', '=', teamId)
    .executeTakeFirst()
  return row ?? NO_ASSIGNMENT
}

/** Sets how a team hands its tickets out, from now on and for what waits in its queue. */
export async function setAssignment(tx: Tx, teamId: string, input: AssignmentSettings): Promise<void> {
  await demandTeam(tx, teamId)
  await demandHours(tx, input)
  const before = await readSettingsOf(tx.db, teamId)
  await tx.db
    .insertInto('team_assignment')
    .values({ team_id: teamId, ...input })
    .onConflict((conflict) =>
      conflict
        .column('team_id')
        .doUpdateSet((eb) => ({ ...input, revision: eb('team_assignment.revision', '+', 1) })),
    )
    .execute()
  if (input.mode === 'off') await tx.db.deleteFrom('assignment_wait').where('team_id', '=', teamId).execute()
  await lookNow(tx, sql`a.team_id = ${teamId}`)
  await record(tx, [
    {
      verb: 'set-assignment',
      subject: { kind: 'team', id: teamId },
      before,
      after: input,
      visibility: 'audit',
    },
  ])
}

/** Sets what holds for one person within a team. */
export async function setMember(
  tx: Tx,
  { teamId, personId }: { teamId: string; personId: string },
  input: MemberSettings,
): Promise<void> {
  const { rows } =
    await sql`select from role_grant where team_id = ${teamId} and person_id = ${personId}`.execute(tx.db)
  if (rows.length === 0) throw new DeskError('not_found', 'This person holds no role in the team.')
  await tx.db
    .insertInto('team_member')
    .values({ team_id: teamId, person_id: personId, ...input })
    .onConflict((conflict) => conflict.columns(['team_id', 'person_id']).doUpdateSet(input))
    .execute()
  await askForLook(tx, { teams: [teamId] })
  await record(tx, [
    {
      verb: 'set-member',
      subject: { kind: 'person', id: personId },
      after: { team: teamId, ...input },
      visibility: 'audit',
    },
  ])
}

/** Sets when somebody works; null: as their teams say. */
export async function setHours(tx: Tx, personId: string, calendarId: string | null): Promise<void> {
  if (calendarId) await demandCalendar(tx, calendarId)
  const row = await tx.db
    .updateTable('person')
    .set((eb) => ({ calendar_id: calendarId, revision: eb('revision', '+', 1) }))
    .where('id', '=', personId)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'person')
  await lookForPerson(tx, personId)
  await record(tx, [
    {
      verb: 'set-hours',
      subject: { kind: 'person', id: personId },
      after: { calendar: calendarId },
      visibility: 'audit',
    },
  ])
}

/** Asks that the teams of somebody are looked at: what they can take, or hold, is another now. */
export const lookForPerson = (tx: Tx, personId: string): Promise<void> =>
  lookNow(tx, sql`a.team_id in (select g.team_id from role_grant g where g.person_id = ${personId})`)

async function lookNow(tx: Tx, where: RawBuilder<unknown>): Promise<void> {
  await sql`
    with asked as (
      insert into assignment_look (team_id, due_at)
      select a.team_id, ${tx.now} from team_assignment a where (a.mode <> 'off' or a.hand_back) and ${where} returning 1)
    select pg_notify('due', 'assignments') from asked limit 1`.execute(tx.db)
}

async function demandTeam(tx: Tx, teamId: string): Promise<void> {
  const row = await tx.db
    .selectFrom('team')
    .select('id')
    .where('id', '=', teamId)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  found(row, 'team')
}

async function demandHours(
  tx: Tx,
  { works_by, calendar_id, schedule_id }: AssignmentSettings,
): Promise<void> {
  if (works_by === 'calendar' && !calendar_id) throw missing('calendar_id', 'is needed to go by a calendar')
  if (works_by === 'schedule' && !schedule_id) throw missing('schedule_id', 'is needed to go by a schedule')
  if (calendar_id) await demandCalendar(tx, calendar_id)
  if (!schedule_id) return
  const { rows } = await sql`select from schedule where id = ${schedule_id} and archived_at is null`.execute(
    tx.db,
  )
  if (rows.length === 0) throw missing('schedule_id', 'there is no such schedule')
}

async function demandCalendar(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql`select from calendar where id = ${id} and archived_at is null`.execute(tx.db)
  if (rows.length === 0) throw missing('calendar_id', 'there is no such calendar')
}

const missing = (path: string, message: string) =>
  new DeskError('invalid', 'Some settings are not right.', { errors: [{ path, message }] })
