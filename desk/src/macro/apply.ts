import { DeskError, type Tx } from '../activity/index.ts'
import { assignWithAlerts, acknowledgeWithAlerts, lockWithAlerts } from '../alert/index.ts'
import { type Reader, scopeOf } from '../auth/index.ts'
import { freshEditId } from '../bulk/index.ts'
import { fillIn, findCanned, readValues } from '../canned/index.ts'
import { editWithWindows, moveChange } from '../change/index.ts'
import { tagTicket, untagTicket } from '../tag/index.ts'
import {
  cancelTicket,
  changeTicket,
  closeTicket,
  LIFECYCLES,
  lifeFactsOf,
  lockTicket,
  noteOnTicket,
  type PendingReason,
  pendTicket,
  reopenTicket,
  replyToTicket,
  resolveTicket,
  resumeTicket,
  startTicket,
  type Ticket,
} from '../ticket/index.ts'
import { type Does, plans } from './does.ts'

export interface On {
  ticketId: string
  /** The revision that was looked at before; another one is `stale`. */
  ifRevision?: number
  publicUrl: string
}

/**
 * Carries a macro out on a ticket, all of it or nothing. Its name's line comes first, and every line after it has the
 * macro as its cause. What it says is filled in as the ticket stands after what it changes. Answers the id of this edit,
 * by which it is taken back.
 */
export async function applyMacro(
  tx: Tx,
  reader: Reader,
  on: On & { macroId: string; ifMacroRevision?: number },
): Promise<string> {
  const macro = await findCanned(tx, reader, 'macro', on.macroId)
  if (macro.archived_at) throw new DeskError('conflict', 'This macro is archived.')
  if (on.ifMacroRevision !== undefined && on.ifMacroRevision !== macro.revision)
    throw new DeskError('stale', 'Somebody changed this macro meanwhile. Look at what it does now.')
  return carryOut(tx, reader, on, { id: macro.id, does: macro.does as unknown as Does })
}

/** The same of a macro that may not be kept yet: to be looked at. */
export async function carryOut(
  given: Tx,
  reader: Reader,
  { ticketId, ifRevision, publicUrl }: On,
  { id, does }: { id: string; does: Does },
): Promise<string> {
  await lockWithAlerts(given.db, ticketId)
  const { ticket, tx: locked } = await lockTicket(given, ticketId)
  if (ifRevision !== undefined && ifRevision !== ticket.revision)
    throw new DeskError('stale', 'Somebody changed this ticket meanwhile. Look at what would change now.')
  await demandRights(locked, reader, ticket, does)
  const edit = await freshEditId(given)
  const tx: Tx = { ...locked, cause: { kind: 'macro', id, edit } }
  await changeTicket(tx, ticket, { verb: 'macro', set: {}, after: { macro: id } })
  await change(tx, reader, ticket, does, publicUrl)
  return edit
}

async function change(
  tx: Tx,
  reader: Reader,
  { id, kind, team_id: team }: Ticket,
  does: Does,
  publicUrl: string,
): Promise<void> {
  // What has ended is written on and handed over only once it is open again, and resolved after it was answered.
  if (does.move?.name === 'reopen') await move(tx, reader, { id, kind }, does)
  const { impact, urgency, category_id: categoryId } = does
  if (impact ?? urgency ?? categoryId !== undefined)
    await editWithWindows(tx, reader, { id, impact, urgency, categoryId })
  if (does.add_tags) await tagTicket(tx, { id, names: does.add_tags })
  if (does.remove_tags) await untagTicket(tx, { id, names: does.remove_tags })
  const teamId = does.team_id === undefined ? team : does.team_id
  const assigneeId = does.assignee === 'me' ? reader.person.id : does.assignee
  if (does.team_id !== undefined || assigneeId !== undefined)
    await assignWithAlerts(tx, { id, teamId, assigneeId })
  await say(tx, reader, id, does, publicUrl)
  if (does.move && does.move.name !== 'reopen') await move(tx, reader, { id, kind }, does)
}

async function say(tx: Tx, reader: Reader, id: string, does: Does, publicUrl: string): Promise<void> {
  if (!does.note && !does.reply) return
  const values = await readValues(tx.db, { ticketId: id, agentId: reader.person.id, publicUrl })
  for (const [text, run] of [
    [does.note, noteOnTicket],
    [does.reply, replyToTicket],
  ] as const) {
    if (!text) continue
    const { text: body, missing } = fillIn(text, values)
    // Nothing goes out that begins “Dear ,”.
    if (missing.length > 0)
      throw new DeskError(
        'conflict',
        `This ticket has nothing for ${missing.map((name) => `{{${name}}}`).join(', ')}.`,
      )
    await run(tx, { id, body })
  }
}

async function move(tx: Tx, reader: Reader, { id, kind }: Pick<Ticket, 'id' | 'kind'>, does: Does) {
  const { name, reason, code } = does.move!
  const own = kind === 'change'
  const moves = {
    acknowledge: () => acknowledgeWithAlerts(tx, { id }),
    start: () => startTicket(tx, { id }),
    pend: () => pendTicket(tx, { id, reason: reason as PendingReason }),
    resume: () => resumeTicket(tx, { id }),
    resolve: () => resolveTicket(tx, { id, code }),
    close: () => (own ? moveChange(tx, reader, { id, move: 'close' }) : closeTicket(tx, { id })),
    reopen: () => reopenTicket(tx, { id }),
    cancel: () => (own ? moveChange(tx, reader, { id, move: 'cancel' }) : cancelTicket(tx, { id })),
  }
  await moves[name]()
}

async function demandRights(tx: Tx, reader: Reader, ticket: Ticket, does: Does): Promise<void> {
  if (scopeOf(reader, 'ticket.work')) return
  const { life } = await lifeFactsOf(tx.db, ticket)
  if (plans(does) || (does.move && LIFECYCLES[life][does.move.name]?.who === 'work'))
    throw new DeskError('forbidden', 'Your roles answer tickets, and this macro also plans or assigns.')
}
