import {
  acceptProposal,
  acknowledgeAlert,
  acknowledgeWithAlerts,
  assignWithAlerts,
  cancelMaintenance,
  cancelTicket,
  closeTicket,
  createMaintenance,
  declineProposal,
  detachAlert,
  DeskError,
  editMaintenance,
  lockProposal,
  lockWindow,
  MaintenanceInput,
  mergeTickets,
  openTickets,
  pageByHand,
  pendTicket,
  reopenTicket,
  resolveTicket,
  resumeTicket,
  snoozeAlert,
  splitTicket,
  transact,
  type Tx,
  unmergeTicket,
  unsnoozeAlert,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Desk } from './history-desk.ts'
import type { PEOPLE_DO } from './history-steps.ts'

/** What somebody does with one of the things there are; nothing where there is none, or it is refused. */
export async function act(
  desk: Desk,
  { what, pick }: { what: (typeof PEOPLE_DO)[number]; pick: number },
): Promise<void> {
  const { db } = desk.on.base
  const one = async (query: ReturnType<typeof sql<{ id: string; other?: string }>>) => {
    const { rows } = await query.execute(db)
    return rows[pick % Math.max(rows.length, 1)]
  }
  const open = sql`t.state in ('new', 'in_progress', 'pending')`
  const ticket = await one(sql`select t.id from ticket t where ${open} order by t.id`)
  const alert = await one(sql`select a.id from alert a where a.status <> 'resolved' order by a.id`)
  const standing = await one(
    sql`select a.id, a.ticket_id as other from alert a join ticket t on t.id = a.ticket_id where ${open} order by a.id`,
  )
  const ended = await one(
    sql`select t.id from ticket t where t.state = 'resolved' order by t.id desc limit 3`,
  )
  const merged = await one(
    sql`select from_id as id from ticket_merge where undone_at is null order by merged_at desc limit 2`,
  )
  const proposal = await one(sql`select p.id from proposal p where p.state = 'open' order by p.id`)
  const window = await one(
    sql`select m.id from maintenance m where m.cancelled_at is null and m.until > tocsin_now() order by m.id`,
  )
  const person = desk.agents[pick % 3]!.id
  const quiet = (over: Record<string, unknown>) => (tx: Tx) =>
    createMaintenance(
      tx,
      MaintenanceInput.parse({
        kind: 'silence',
        reason: 'Work',
        ...COVERED[pick % COVERED.length]!(desk, pick),
        starts_at: tx.now,
        ends_at: new Date(tx.now.getTime() + 300_000),
        ...(typeof over.starts_in === 'number' && {
          starts_at: new Date(tx.now.getTime() + over.starts_in),
          ends_at: new Date(tx.now.getTime() + over.starts_in + 240_000),
        }),
        ...(over.rrule !== undefined && { rrule: over.rrule }),
      }),
    )
  const does: Record<typeof what, ((tx: Tx) => Promise<unknown>) | undefined> = {
    acknowledge: ticket && ((tx) => acknowledgeWithAlerts(tx, { id: ticket.id })),
    'acknowledge-alert': alert && ((tx) => acknowledgeAlert(tx, alert.id)),
    take: ticket && ((tx) => assignWithAlerts(tx, { id: ticket.id, assigneeId: person })),
    pend: ticket && ((tx) => pendTicket(tx, { id: ticket.id, reason: 'vendor' })),
    resume: ticket && ((tx) => resumeTicket(tx, { id: ticket.id })),
    snooze: alert && ((tx) => snoozeAlert(tx, { id: alert.id, until: new Date(tx.now.getTime() + 200_000) })),
    unsnooze: alert && ((tx) => unsnoozeAlert(tx, alert.id)),
    detach:
      standing &&
      ((tx) => detachAlert(tx, { ticketId: standing.other!, alertId: standing.id, opens: pick % 3 > 0 })),
    split: standing && ((tx) => splitTicket(tx, { ticketId: standing.other!, alertIds: [standing.id] })),
    resolve: ticket && ((tx) => resolveTicket(tx, { id: ticket.id })),
    cancel: ticket && ((tx) => cancelTicket(tx, { id: ticket.id })),
    reopen: ended && ((tx) => reopenTicket(tx, { id: ended.id })),
    close: ended && ((tx) => closeTicket(tx, { id: ended.id })),
    decline: proposal && ((tx) => declineProposal(tx, proposal.id)),
    accept: proposal && ((tx) => acceptProposal(tx, proposal.id)),
    page: ticket && ((tx) => pageByHand(tx, { ticketId: ticket.id, personId: person })),
    report: (tx) =>
      openTickets(tx, [
        {
          kind: 'incident',
          title: 'Somebody called',
          impact: 'high',
          urgency: 'high',
          channel: 'desk',
          serviceId: desk.services[pick % 3]!,
          teamId: desk.team,
        },
      ]),
    silence: quiet({}),
    'plan-window': quiet({ starts_in: 100_000 }),
    'plan-recurring': quiet({ starts_in: 60_000, rrule: 'FREQ=HOURLY;COUNT=3' }),
    'end-window': window && ((tx) => cancelMaintenance(tx, window.id)),
    'change-window':
      window &&
      (async (tx) => {
        const standing = await lockWindow(tx, window.id)
        const longer = { ends_at: new Date(standing.ends_at.getTime() + 120_000) }
        const other = { service_ids: [], ci_ids: [], condition: null, integration_id: null }
        const host = [{ name: 'host', value: `h${pick % 3}`, is_regex: false, is_equal: true }]
        const change = pick % 2 && standing.rrule === null ? longer : { ...other, matchers: host }
        await editMaintenance(tx, { id: window.id, window: standing, change })
      }),
    unmerge: merged && ((tx) => unmergeTicket(tx, merged.id)),
    merge:
      ticket &&
      (async (tx) => {
        const { rows } = await sql<{ id: string }>`
          select t.id from ticket t where ${open} and t.id <> ${ticket.id} and t.kind = (select kind from ticket where id = ${ticket.id}) order by t.id`.execute(
          tx.db,
        )
        if (rows.length > 0) await mergeTickets(tx, { from: ticket.id, into: rows[pick % rows.length]!.id })
      }),
  }
  const work = does[what]
  if (!work) return
  const lock =
    what === 'accept'
      ? (trx: Parameters<typeof lockProposal>[0]) => lockProposal(trx, proposal!.id)
      : undefined
  await transact(db, { kind: 'person', id: desk.agents[pick % 2]!.id }, work, lock).catch(
    (error: unknown) => {
      if (!(error instanceof DeskError)) throw error
    },
  )
}

/** What a window covers: labels, a service, an item, a condition or a whole source. */
const COVERED: ((desk: Desk, pick: number) => Partial<MaintenanceInput>)[] = [
  (_, pick) => ({ matchers: [{ name: 'host', value: `h${pick % 3}`, is_regex: false, is_equal: true }] }),
  ({ services }, pick) => ({ service_ids: [services[pick % 2]!] }),
  ({ items }, pick) => ({ ci_ids: [items[pick % 3]!] }),
  () => ({ condition: 'severity == "warning" || labels.alertname == "name-1"' }),
  ({ sources }, pick) => ({ integration_id: sources[pick % 3]!.id }),
]
