import { sql } from 'kysely'
import { DeskError, found, type Tx } from '../activity/index.ts'
import type { ItemApproval } from '../catalogue/index.ts'
import { carryOut, changeTicket, isOpen, lockTicket, type Ticket } from '../ticket/index.ts'
import { type Approval, type ApprovalState, decide, type Decision, handOn } from './decide.ts'

/**
 * Asks for approvals of a change or a request: every one of them must be given. A change that was assessed waits for
 * them; an emergency may be asked about while it is carried out, a request until it is resolved. What was asked for
 * before and not decided is withdrawn.
 */
export async function askApproval(given: Tx, input: { id: string; asked: ItemApproval[] }): Promise<void> {
  const { ticket, tx } = await lockTicket(given, input.id)
  if (ticket.kind === 'request') await demandOpenRequest(tx, ticket)
  else await authorize(tx, ticket)
  const people = await peopleAsked(tx, input.asked, handsIn(ticket, tx.actor.id))
  await withdraw(tx, ticket.id)
  await writeApprovals(tx, ticket.id, input.asked, people)
}

async function authorize(tx: Tx, ticket: Ticket): Promise<void> {
  if (ticket.kind !== 'change') throw new DeskError('conflict', 'Only a change or a request is approved.')
  const plan = await tx.db
    .selectFrom('change_plan')
    .select(['type', 'approved_at'])
    .where('ticket_id', '=', ticket.id)
    .executeTakeFirstOrThrow()
  if (plan.type === 'standard')
    throw new DeskError('conflict', 'A standard change is approved once and for all.')
  const afterwards = plan.type === 'emergency' && isOpen(ticket.state) && ticket.state !== 'new'
  if (ticket.state !== 'authorize' && !afterwards) await carryOut(tx, { id: ticket.id, move: 'authorize' })
  if (plan.approved_at) throw new DeskError('conflict', 'The change is approved already.')
}

/** From here on the request needs an approval; one that was given stays given. */
async function demandOpenRequest(tx: Tx, { id, state }: Ticket): Promise<void> {
  if (!isOpen(state)) throw new DeskError('conflict', 'The request has ended. Reopen it before you ask.')
  const { rows } = await sql<{ approved_at: Date | null }>`
    insert into request_approval (ticket_id, needed_at) values (${id}, ${tx.now})
    on conflict (ticket_id) do update set needed_at = request_approval.needed_at
    returning approved_at`.execute(tx.db)
  if (rows[0]!.approved_at) throw new DeskError('conflict', 'The request is approved already.')
}

/**
 * Whom an item of the catalogue asks is asked of a request that was just filed by it: those who are here and whose own
 * it is not. Where one of its approvals finds nobody, none is asked for, and the desk does so by hand.
 */
export async function askOfItem(given: Tx, input: { id: string; approvals: ItemApproval[] }): Promise<void> {
  if (input.approvals.length === 0) return
  const { ticket, tx } = await lockTicket(given, input.id)
  await demandOpenRequest(tx, ticket)
  const people = await whoCan(tx, input.approvals, handsIn(ticket, tx.actor.id))
  if (people.every((some) => some.length > 0)) await writeApprovals(tx, ticket.id, input.approvals, people)
}

async function writeApprovals(
  tx: Tx,
  ticketId: string,
  asked: ItemApproval[],
  people: string[][],
): Promise<void> {
  const approvals = asked.map((one, position) => ({
    position,
    rule: one.rule,
    team_id: 'team_id' in one ? one.team_id : null,
    people: people[position],
  }))
  await sql`
    with given as (
      select uuidv7() as id, g.* from jsonb_to_recordset(${JSON.stringify(approvals)}::jsonb)
        as g(position int, rule text, team_id uuid, people uuid[])
    ), made as (
      insert into approval (id, ticket_id, rule, team_id, asked_by, asked_at)
      select id, ${ticketId}, rule, team_id, ${tx.actor.kind === 'person' ? tx.actor.id : null}::uuid, ${tx.now}
      from given order by position
    )
    insert into approver (approval_id, person_id) select id, unnest(people) from given`.execute(tx.db)
  const now = await lockTicket(tx, ticketId)
  await changeTicket(now.tx, now.ticket, {
    verb: 'ask-approval',
    set: {},
    after: { approvers: [...new Set(people.flat())] },
  })
}

interface Behind {
  people: ReadonlySet<string>
  /** By team. */
  managers: Map<string, string[]>
}

async function readBehind(tx: Tx, asked: ItemApproval[]): Promise<Behind> {
  const teams = asked.flatMap((one) => ('team_id' in one ? [one.team_id] : []))
  const named = asked.flatMap((one) => ('people' in one ? one.people : []))
  const { rows } = await sql<{ id: string; team_id: string | null }>`
    select p.id, null as team_id from person p where p.id = any(${named}::uuid[]) and p.archived_at is null
    union
    select p.id, g.team_id from role_grant g join person p on p.id = g.person_id
    where g.team_id = any(${teams}::uuid[]) and g.role = 'manager' and p.archived_at is null`.execute(tx.db)
  const managers = Map.groupBy(
    rows.filter(({ team_id }) => team_id !== null),
    ({ team_id }) => team_id!,
  )
  return {
    people: new Set(rows.filter(({ team_id }) => team_id === null).map(({ id }) => id)),
    managers: new Map([...managers].map(([team, some]) => [team, some.map(({ id }) => id)])),
  }
}

/** Who of those asked is here and may decide, for each approval. */
async function whoCan(tx: Tx, asked: ItemApproval[], hands: ReadonlySet<string>): Promise<string[][]> {
  const { people, managers } = await readBehind(tx, asked)
  return asked.map((one) =>
    ('people' in one
      ? [...new Set(one.people)].filter((id) => people.has(id))
      : (managers.get(one.team_id) ?? [])
    ).filter((id) => !hands.has(id)),
  )
}

/** The people behind each: known, not archived, at least one, and none whose own it is. */
async function peopleAsked(tx: Tx, asked: ItemApproval[], hands: ReadonlySet<string>): Promise<string[][]> {
  const behind = await readBehind(tx, asked)
  return asked.map((one, position) => {
    const refuse = (message: string): never => {
      throw new DeskError('invalid', 'Nobody can approve this.', {
        errors: [{ path: `approvals.${position}`, message }],
      })
    }
    if ('people' in one) {
      const people = [...new Set(one.people)]
      if (people.length === 0 || people.some((id) => !behind.people.has(id)))
        refuse('names somebody who is not here')
      if (people.some((id) => hands.has(id))) refuse('names somebody who asks or works on it themself')
      return people
    }
    const all = behind.managers.get(one.team_id) ?? []
    const managers = all.filter((id) => !hands.has(id))
    if (managers.length > 0) return managers
    return refuse(
      all.length > 0 ? 'all who manage the team have their own part in it' : 'the team has no manager',
    )
  })
}

/** What is asked for and not decided is asked for no more. */
export async function withdraw(tx: Tx, ticketId: string): Promise<void> {
  await sql`
    update approval set state = 'withdrawn', decided_at = ${tx.now}
    where ticket_id = ${ticketId} and state in ('open', 'approved', 'rejected')`.execute(tx.db)
}

/** An approver says yes or no. The last yes that was needed approves the change. */
export async function decideApproval(
  given: Tx,
  input: { approvalId: string; decision: Decision; comment?: string },
): Promise<void> {
  const personId = given.actor.id!
  const { ticketId, askedBy } = await findMine(given, input.approvalId)
  const { ticket, tx } = await lockTicket(given, ticketId)
  const approval = await readApproval(tx, input.approvalId)
  const comment = input.comment?.trim() || null
  if (input.decision === 'approved' && handsIn(ticket, askedBy).has(personId))
    throw new DeskError(
      'forbidden',
      `Nobody approves a ${ticket.kind} of their own. Hand the approval to somebody else.`,
    )
  const next = decide(approval, { personId, decision: input.decision, comment })
  if (!next) return
  if (!isOpen(ticket.state)) throw new DeskError('conflict', 'The ticket has ended.')
  await tx.db
    .updateTable('approver')
    .set({ decision: input.decision, comment, decided_at: tx.now })
    .where('approval_id', '=', input.approvalId)
    .where('person_id', '=', personId)
    .execute()
  if (next.state !== 'open')
    await tx.db
      .updateTable('approval')
      .set({ state: next.state, decided_at: tx.now })
      .where('id', '=', input.approvalId)
      .execute()
  const kept = sql.table(ticket.kind === 'request' ? 'request_approval' : 'change_plan')
  const approved = await sql`
    update ${kept} set approved_at = ${tx.now} where ticket_id = ${ticketId} and approved_at is null
      and exists (select from approval where ticket_id = ${ticketId} and state = 'approved')
      and not exists (select from approval where ticket_id = ${ticketId} and state in ('open', 'rejected'))`.execute(
    tx.db,
  )
  const whole = approved.numAffectedRows === 1n
  await changeTicket(tx, ticket, {
    verb: input.decision === 'approved' ? 'approve' : 'reject',
    set: {},
    after: {
      approval: input.approvalId,
      person: personId,
      state: next.state,
      ...(whole && { approved: true }),
    },
    // Whoever asked for something hears when that is decided.
    visibility: ticket.kind === 'request' && (whole || next.state === 'rejected') ? 'public' : 'internal',
  })
}

/** Whoever asks for its approval, wants it, or carries it out: two pairs of eyes look at it. */
const handsIn = (ticket: Ticket, askedBy: string | null): ReadonlySet<string> =>
  new Set([askedBy, ticket.requester_id, ticket.assignee_id].filter((id) => id !== null))

/** An approval that I was asked for. Whoever was not asked does not learn that there is one. */
async function findMine(tx: Tx, approvalId: string): Promise<{ ticketId: string; askedBy: string | null }> {
  const row = await tx.db
    .selectFrom('approval as a')
    .innerJoin('approver as p', 'p.approval_id', 'a.id')
    .select(['a.ticket_id as ticketId', 'a.asked_by as askedBy'])
    .where('a.id', '=', approvalId)
    .where('p.person_id', '=', tx.actor.id)
    .executeTakeFirst()
  return found(row, 'approval')
}

/**
 * An approver lets somebody else decide in their place. Theirs alone is handed on; who was asked first stays beside it.
 */
export async function handApprovalOn(
  given: Tx,
  input: { approvalId: string; personId: string },
): Promise<void> {
  const me = given.actor.id!
  const { ticketId, askedBy } = await findMine(given, input.approvalId)
  const { ticket, tx } = await lockTicket(given, ticketId)
  const approval = await readApproval(tx, input.approvalId)
  if (!isOpen(ticket.state)) throw new DeskError('conflict', 'The ticket has ended.')
  handOn(approval, { from: me, to: input.personId, hands: handsIn(ticket, askedBy) })
  const { rows } = await sql`
    update approver set person_id = p.id, asked_first = coalesce(asked_first, ${me}) from person p
    where approval_id = ${input.approvalId} and person_id = ${me} and p.id = ${input.personId} and p.archived_at is null
    returning p.id`.execute(tx.db)
  if (rows.length === 0)
    throw new DeskError('invalid', 'Nobody can approve this.', {
      errors: [{ path: 'person_id', message: 'is nobody who is here' }],
    })
  await changeTicket(tx, ticket, {
    verb: 'hand-approval-on',
    set: {},
    after: { approval: input.approvalId, person: me, approvers: [input.personId] },
  })
}

async function readApproval(tx: Tx, id: string): Promise<Approval> {
  const { rows } = await sql<Approval & { state: ApprovalState }>`
    select a.rule, a.state, (select jsonb_agg(jsonb_build_object('personId', p.person_id, 'decision', p.decision))
                             from approver p where p.approval_id = a.id) as approvers
    from approval a where a.id = ${id}`.execute(tx.db)
  return rows[0]!
}
