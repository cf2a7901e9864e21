import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { lockAlertsOf, markFiringOf } from '../alert/index.ts'
import { type Reader, scopeOf, ticketVisible, ticketWorkable } from '../auth/index.ts'
import { endEscalations } from '../escalation/index.ts'
import { changeTickets, lockTickets, type Ticket, writeMessages } from '../ticket/index.ts'
import { type Decided, decideWish } from './decide.ts'
import { changedSince, readKnown, type Wished } from './read.ts'
import { keepAnswers, writeTags } from './beside.ts'
import { type Part, PARTS, plansWork, type Wish } from './wish.ts'

/** Of an edit, which stands on each of its lines: by it the edit is taken back. */
export async function freshEditId({ db }: Tx): Promise<string> {
  const { rows } = await sql<{ id: string }>`select uuidv7() as id`.execute(db)
  return rows[0]!.id
}

/** Few enough that nobody waits long for a ticket among them. */
export const SHARE = 250

export interface Wanting {
  number: string
  /** The revision that was seen; absent: no check. */
  revision?: number
  wish: Wish
}

export interface Refusal {
  number: string
  error: DeskError
}

export interface Edited {
  changed: { number: string; revision: number }[]
  /** Those that were as wished already. */
  unchanged: string[]
  refused: Refusal[]
}

interface Place {
  id: string
  number: string
  workable: boolean
}

interface Plan {
  ticket: Ticket
  wish: Wish
  decided: Decided
}

const NOWHERE = new DeskError('not_found', 'There is no such ticket.')
const FOREIGN = new DeskError('forbidden', 'Only those who work on this ticket may do that.')

/**
 * Changes a share of tickets as is wished of each, with the lines, clocks, routing and pages that one change by
 * itself has. A ticket changes whole or not at all; one that cannot is handed back with the reason.
 */
export async function editTickets(
  given: Tx,
  reader: Reader,
  edit: { id: string; why?: unknown },
  asked: Wanting[],
): Promise<Edited> {
  const plans = scopeOf(reader, 'ticket.work') !== undefined
  if (!plans && asked.some(({ wish }) => plansWork(wish)))
    throw new DeskError('forbidden', 'Your roles do not include “ticket.work”.')
  const places = await placesByNumber(given, reader, asked)
  const workable = [...places.values()].filter((place) => place.workable).map(({ id }) => id)
  if (asked.some(({ wish }) => takesNotice(given, wish))) await lockAlertsOf(given.db, workable)
  const { tickets, tx } = await lockTickets(given, workable)
  const byNumber = new Map(tickets.map((ticket) => [ticket.number, ticket]))

  const outcome: Edited = { changed: [], unchanged: [], refused: [] }
  const wished: Wished[] = []
  for (const { number, revision, wish } of asked) {
    const ticket = byNumber.get(number)
    if (ticket) wished.push({ ticket, wish, seen: revision })
    else outcome.refused.push({ number, error: places.has(number) ? FOREIGN : NOWHERE })
  }
  const known = await readKnown(tx, wished, { plans, locale: reader.person.locale })
  const stale = await changedSince(tx, wished)
  const made: Plan[] = []
  for (const { ticket, wish } of wished) {
    try {
      demandFresh(stale.get(ticket.id))
      const decided = decideWish(tx, ticket, wish, known)
      if (Object.keys(decided).length === 0) outcome.unchanged.push(ticket.number)
      else made.push({ ticket, wish, decided })
    } catch (error) {
      if (!(error instanceof DeskError)) throw error
      outcome.refused.push({ number: ticket.number, error })
    }
  }
  for (const part of PARTS)
    // oxlint-disable-next-line no-await-in-loop -- the parts of a wish follow one another, each over all tickets at once
    await writePart(
      tx,
      edit,
      part,
      made.filter(({ decided }) => decided[part]),
    )
  await endPages(tx, made)
  outcome.changed = await revisionsOf(tx, made)
  return outcome
}

/** Whoever takes a ticket, or acknowledges it, takes notice of what fires in it. */
const takesNotice = ({ actor }: Tx, { assigneeId, steps }: Wish): boolean =>
  assigneeId === actor.id || (steps ?? []).some(({ move }) => move === 'acknowledge')

async function placesByNumber(tx: Tx, reader: Reader, asked: Wanting[]): Promise<Map<string, Place>> {
  const { rows } = await sql<Place>`
    select t.id, t.number, ${ticketWorkable(reader)} as workable from ticket t
    where t.number = any(${asked.map(({ number }) => number)}) and ${ticketVisible(reader)}`.execute(tx.db)
  return new Map(rows.map((row) => [row.number, row]))
}

function demandFresh(columns: string[] | undefined): void {
  if (!columns) return
  throw new DeskError('stale', 'Somebody changed the same fields meanwhile.', {
    errors: columns.map((path) => ({ path, message: 'was changed meanwhile' })),
  })
}

const PUBLIC = new Set<Part>(['reopen', 'acknowledge', 'step', 'reply'])

async function writePart(tx: Tx, { id, why }: { id: string; why?: unknown }, part: Part, plans: Plan[]) {
  if (plans.length === 0) return
  if (part === 'tag' || part === 'untag')
    await writeTags(tx, part, new Map(plans.map(({ ticket, decided }) => [ticket.id, decided[part]!.after!])))
  const said =
    part === 'note' || part === 'reply'
      ? await writeMessages(
          tx,
          part,
          plans[0]!.wish[part]!,
          plans.map(({ ticket }) => ticket.id),
        )
      : undefined
  const kept = await keepAnswers(
    tx,
    plans.flatMap(({ ticket, decided }) => (part === 'edit' && decided.edit!.after ? [ticket] : [])),
  )
  const afterOf = ({ ticket, decided }: Plan) => {
    if (said) return { message: said.ids.get(ticket.id) }
    const was = kept.get(ticket.id)
    return was ? { ...decided[part]!.after, fields_was: was } : decided[part]!.after
  }
  const next = await changeTickets(
    tx,
    plans.map((plan) => {
      const { ticket, decided } = plan
      const { verb, set } = decided[part]!
      return {
        ticket,
        change: {
          verb,
          set,
          after: afterOf(plan),
          visibility: PUBLIC.has(part) ? ('public' as const) : ('internal' as const),
          cause: { kind: 'bulk', id },
          why,
        },
      }
    }),
    said?.search,
  )
  plans.forEach((plan, index) => (plan.ticket = next[index]!))
}

/** What pages for tickets that were acknowledged or have ended, ends. */
async function endPages(tx: Tx, plans: Plan[]): Promise<void> {
  const noticed = plans.filter(
    ({ decided, wish }) => decided.acknowledge ?? wish.steps?.some(({ move }) => move === 'acknowledge'),
  )
  const ended = plans.filter(({ decided }) => ['resolve', 'cancel'].includes(decided.step?.verb ?? ''))
  const idsOf = (some: Plan[]) => some.map(({ ticket }) => ticket.id)
  await endEscalations(tx, idsOf(noticed), 'acknowledged', tx.actor.id ?? undefined)
  if (noticed.length > 0) await markFiringOf(tx, idsOf(noticed))
  await endEscalations(tx, idsOf(ended), 'stopped')
}

async function revisionsOf(tx: Tx, plans: Plan[]): Promise<Edited['changed']> {
  const { rows } = await sql<{ number: string; revision: number }>`
    select number, revision from ticket where id = any(${plans.map(({ ticket }) => ticket.id)}::uuid[])
    order by number`.execute(tx.db)
  return rows
}
