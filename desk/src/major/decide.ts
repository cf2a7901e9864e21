import { DeskError, type Tx } from '../activity/index.ts'
import { changeTicket, isOpen, lockTicket, noteOnTicket, type Ticket } from '../ticket/index.ts'
import { decideMajor, type MajorMove, type MajorState } from './lifecycle.ts'
import { promise, UPDATE_EVERY } from './promise.ts'

export interface MajorInput {
  id: string
  /** Why; a note of the ticket, for those who work on it. */
  note?: string
}

/** A person holds that the incident is a major one. */
export const proposeMajor = (tx: Tx, input: MajorInput): Promise<void> => decide(tx, input, 'propose')

interface Declared extends MajorInput {
  leadId: string
  /** Minutes between updates: null none, and unless said what its priority asks for. */
  updateEvery?: number | null
}

/** It is one, and who leads. Of two who declare at once the second is told. */
export const declareMajor = (tx: Tx, input: Declared): Promise<void> =>
  decide(tx, input, 'declare', input.leadId, input.updateEvery)

export const handMajor = (tx: Tx, input: MajorInput & { leadId: string }): Promise<void> =>
  decide(tx, input, 'hand', input.leadId)

/** It is none; of what was declared: it was declared in error. */
export const rejectMajor = (tx: Tx, input: MajorInput & { note: string }): Promise<void> =>
  decide(tx, input, 'reject')

async function decide(
  given: Tx,
  { id, note }: MajorInput,
  move: MajorMove,
  leadId: string | null = null,
  updateEvery?: number | null,
): Promise<void> {
  const locked = await lockTicket(given, id)
  const held = await locked.tx.db
    .selectFrom('major_incident')
    .select(['state', 'lead_id'])
    .where('ticket_id', '=', id)
    .executeTakeFirst()
  const state = decideMajor(majorOf(locked.ticket, held?.state ?? null), move)
  if (move === 'hand' && held?.lead_id === leadId) return
  if (leadId) await demandDesk(locked.tx, leadId)
  if (note?.trim()) await noteOnTicket(locked.tx, { id, body: note })
  const { ticket, tx } = await lockTicket(locked.tx, id)
  const by = tx.actor.kind === 'person' ? tx.actor.id : null
  const decided = state !== 'candidate'
  const every = updateEvery === undefined ? UPDATE_EVERY[ticket.priority] : updateEvery
  const promised =
    move === 'declare' && every
      ? { update_every_minutes: every, ...promise(tx.now, new Date(tx.now.getTime() + every * 60_000)) }
      : { update_every_minutes: null, ...promise(tx.now, null) }
  const row = {
    state,
    lead_id: leadId,
    decided_at: decided ? tx.now : null,
    decided_by: decided ? by : null,
    // Whoever leads from now on keeps what was promised.
    ...(move !== 'hand' && promised),
    ...(move === 'propose' && { proposed_at: tx.now, proposed_by: by, why: null }),
  }
  await tx.db
    .insertInto('major_incident')
    .values({ ticket_id: id, proposed_at: tx.now, proposed_by: by, ...row })
    .onConflict((conflict) => conflict.column('ticket_id').doUpdateSet(row))
    .execute()
  await changeTicket(tx, ticket, {
    verb: `${move}-major`,
    set: {},
    before: { major: held?.state ?? null, ...(held?.lead_id && { person: held.lead_id }) },
    after: { major: state, ...(leadId && { person: leadId }) },
    // That it is declared is told to whoever waits for it; what the desk only weighs is not.
    visibility: move === 'declare' ? 'public' : 'internal',
  })
}

const majorOf = (ticket: Ticket, major: MajorState | null) => ({
  kind: ticket.kind,
  open: isOpen(ticket.state),
  major,
})

async function demandDesk(tx: Tx, personId: string): Promise<void> {
  const works = await tx.db
    .selectFrom('role_grant as g')
    .innerJoin('person as p', 'p.id', 'g.person_id')
    .select('p.id')
    .where('p.id', '=', personId)
    .where('p.archived_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (!works)
    throw new DeskError('invalid', 'Whoever leads must work at the desk.', {
      errors: [{ path: 'lead_id', message: 'does not work at the desk' }],
    })
}
