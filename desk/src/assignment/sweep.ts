import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { transact, type Tx } from '../activity/index.ts'
import { type Colleague, readCandidates, worksIn } from './candidates.ts'
import { decideHandBack, handOut, nextChange } from './choose.ts'
import { handTickets, keepWaits, readQueue } from './queue.ts'
import type { Hours } from './shifts.ts'

/** Tickets handed out in one transaction; where more wait, the next one follows at once. */
const BATCH = 200
/** While something waits, or may have to be handed back, a team is looked at no later than this. */
const PATIENCE_MS = 5 * 60_000

interface TeamRow extends Hours {
  team_id: string
  mode: 'off' | 'round_robin' | 'least_loaded'
  cap: number | null
  hand_back: boolean
  last_person_id: string | null
  archived: boolean
}

/**
 * Goes through the queue of one team that is due a look. The team's row is locked, so round-robin has one hand, and so
 * are its people, so that two teams never fill the same person's last place; who is locked by another engine is
 * that engine's to finish.
 */
export async function sweepAssignments(db: Db): Promise<number> {
  let team: TeamRow | undefined
  return transact(
    db,
    { kind: 'rule', id: null },
    async (tx) => {
      if (!team) return 0
      await sql`delete from assignment_look where team_id = ${team.team_id}`.execute(tx.db)
      if (!team.archived) await lookAt(tx, team)
      return 1
    },
    async (trx) => {
      const { rows } = await sql<TeamRow>`
        select a.*, m.archived_at is not null as archived from team_assignment a join team m on m.id = a.team_id
        where a.team_id in (select team_id from assignment_look where due_at <= tocsin_now())
        limit 1 for update of a skip locked`.execute(trx)
      team = rows[0]
      if (team)
        await sql`select from person p where ${worksIn(team.team_id)} order by p.id for no key update`.execute(
          trx,
        )
    },
  )
}

async function lookAt(tx: Tx, team: TeamRow): Promise<void> {
  let people = await readCandidates(tx.db, team.team_id, team, tx.now)
  if (team.hand_back && (await handBack(tx, team, people)) > 0)
    people = await readCandidates(tx.db, team.team_id, team, tx.now)
  const left = team.mode === 'off' ? { waiting: 0, more: false } : await giveOut(tx, team, people)
  if (left.waiting === 0 && !team.hand_back) return
  const soonest = nextChange(people, tx.now)
  const patience = new Date(+tx.now + PATIENCE_MS)
  const due = left.more ? tx.now : soonest && soonest < patience ? soonest : patience
  await sql`insert into assignment_look (team_id, due_at) values (${team.team_id}, ${due})`.execute(tx.db)
}

/** Hands the queue out as far as there are hands. Answers how many wait on, and whether a next look has work at once. */
async function giveOut(
  tx: Tx,
  team: TeamRow,
  people: Colleague[],
): Promise<{ waiting: number; more: boolean }> {
  const queue = await readQueue(tx, team.team_id)
  const terms = { mode: team.mode as 'round_robin', cap: team.cap, last: team.last_person_id }
  const { choices } = handOut(terms, people, queue, tx.now)
  const given = choices.filter(({ person }) => person !== null)
  const now = given.slice(0, BATCH)
  const done = await handTickets(
    tx,
    team.team_id,
    now.map(({ ticket, person, why }) => ({
      ticketId: ticket.id,
      from: null,
      to: person,
      why: { assignment: why },
    })),
  )
  const last = now.findLast(({ ticket }) => done.has(ticket.id))?.person
  if (last)
    await sql`update team_assignment set last_person_id = ${last} where team_id = ${team.team_id}`.execute(
      tx.db,
    )
  const waits = choices.filter(({ person }) => person === null)
  await keepWaits(
    tx,
    team.team_id,
    waits.map(({ ticket, why }) => ({ ticketId: ticket.id, why })),
  )
  return { waiting: choices.length - done.size, more: given.length > now.length }
}

/** Takes back what those who have gone hold. Answers how many tickets. */
async function handBack(tx: Tx, team: TeamRow, people: Colleague[]): Promise<number> {
  const gone = people.filter((one) => decideHandBack(one, new Date(0), tx.now) !== null)
  if (gone.length === 0) return 0
  const personOf = new Map(gone.map((one) => [one.id, one]))
  const { rows } = await sql<{ id: string; assignee_id: string; assigned_at: Date }>`
    select t.id, t.assignee_id,
           (select min(h.at) from ticket_state h where h.ticket_id = t.id and h.revision > coalesce(
             (select max(o.revision) from ticket_state o
              where o.ticket_id = t.id and (o.assignee_id, o.team_id) is distinct from (t.assignee_id, t.team_id)), 0)) as assigned_at
    from ticket t
    where t.assignee_id = any(${[...personOf.keys()]}::uuid[]) and t.team_id = ${team.team_id}
      and t.state not in ('resolved', 'closed', 'cancelled') and t.state <> 'pending'
    order by t.id limit ${BATCH * 5}`.execute(tx.db)
  const back = rows.flatMap(({ id, assignee_id, assigned_at }) => {
    const why = decideHandBack(personOf.get(assignee_id)!, assigned_at, tx.now)
    return why ? [{ ticketId: id, from: assignee_id, to: null, why: { hand_back: why } }] : []
  })
  return (await handTickets(tx, team.team_id, back)).size
}
