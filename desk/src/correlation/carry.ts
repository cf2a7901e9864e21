import { sql } from 'kysely'
import { recordOnTickets, type Tx } from '../activity/index.ts'
import { changeTickets, type LinkKind, lockTickets } from '../ticket/index.ts'

/** What of a merged ticket was not done yet, and goes on in the other. */
export interface Carried {
  /** Tickets that were part of it. */
  children: string[]
  /** Points of its checklist. */
  points: string[]
  links: { from_id: string; to_id: string; kind: LinkKind }[]
}

/**
 * What is open in a merged ticket goes on in the other: its parts, the points of its checklist that are not done, and
 * what it blocks or causes, is blocked or caused by. The ticket that goes on stays outside its own parts.
 */
export async function carryOn(tx: Tx, from: string, into: string): Promise<Carried> {
  const children = await partsOf(tx, from, into)
  await moveParts(tx, children, into)
  const points = await movePoints(tx, await openPoints(tx, from), { from, into })
  const { rows: links } = await sql<Carried['links'][number]>`
    insert into ticket_link (from_id, to_id, kind, author_id, created_at)
    select case when l.from_id = ${from} then ${into}::uuid else l.from_id end,
           case when l.to_id = ${from} then ${into}::uuid else l.to_id end, l.kind, l.author_id, ${tx.now}
    from ticket_link l
    where (l.from_id = ${from} or l.to_id = ${from}) and l.removed_at is null and l.kind in ('blocks', 'caused_by')
      and ${into} not in (l.from_id, l.to_id)
      and not exists (
        select from ticket_link x where x.kind = l.kind and x.removed_at is null
          and x.from_id = case when l.to_id = ${from} then ${into}::uuid else l.to_id end
          and x.to_id = case when l.from_id = ${from} then ${into}::uuid else l.from_id end)
    on conflict (from_id, to_id, kind) do update set removed_at = null where ticket_link.removed_at is not null
    returning from_id, to_id, kind`.execute(tx.db)
  await tellLinks(tx, 'link', links)
  return { children, points, links }
}

/** What was carried on and has not been changed since stands again where it stood. */
export async function carryBack(
  tx: Tx,
  { children, points, links }: Carried,
  { id, last }: { id: string; last: string },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from ticket where id = any(${children}::uuid[]) and parent_id = ${last} order by id`.execute(
    tx.db,
  )
  await moveParts(
    tx,
    rows.map((row) => row.id),
    id,
  )
  await movePoints(tx, points, { from: last, into: id })
  const { rows: gone } = await sql<Carried['links'][number]>`
    update ticket_link l set removed_at = ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as g(from_id uuid, to_id uuid, kind text)
    where l.from_id = g.from_id and l.to_id = g.to_id and l.kind = g.kind and l.removed_at is null
    returning l.from_id, l.to_id, l.kind`.execute(tx.db)
  await tellLinks(tx, 'unlink', gone)
}

/** The parts of the one that can be parts of the other: neither it nor what it is part of. */
async function partsOf(tx: Tx, from: string, into: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive above as (
      select id, parent_id from ticket where id = ${into}
      union select t.id, t.parent_id from ticket t join above a on t.id = a.parent_id
    ) select id from ticket where parent_id = ${from} and id not in (select id from above) order by id`.execute(
    tx.db,
  )
  return rows.map(({ id }) => id)
}

async function moveParts(given: Tx, ids: string[], into: string) {
  if (ids.length === 0) return
  const { tickets, tx } = await lockTickets(given, ids)
  await changeTickets(
    tx,
    tickets.map((ticket) => ({
      ticket,
      change: {
        verb: 'link',
        set: { parent_id: into },
        after: { kind: 'parent', other: into, from: true },
      },
    })),
  )
}

async function openPoints(tx: Tx, ticketId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from checklist_item where ticket_id = ${ticketId} and removed_at is null and done_at is null
    order by position, id`.execute(tx.db)
  return rows.map(({ id }) => id)
}

/** Points go behind those that are there. Answers which went. */
async function movePoints(tx: Tx, ids: string[], { from, into }: { from: string; into: string }) {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    update checklist_item i set ticket_id = ${into}, revision = i.revision + 1,
      position = g.place + (select coalesce(max(position), 0) from checklist_item where ticket_id = ${into})
    from unnest(${ids}::uuid[]) with ordinality as g(id, place)
    where i.id = g.id and i.ticket_id = ${from} and i.removed_at is null returning i.id`.execute(tx.db)
  if (rows.length > 0)
    await recordOnTickets(tx, [
      {
        ticketId: into,
        verb: 'checklist',
        subject: { kind: 'ticket', id: into },
        after: { did: 'bring', count: rows.length, other: from },
      },
    ])
  return rows.map(({ id }) => id)
}

const tellLinks = (tx: Tx, verb: 'link' | 'unlink', links: Carried['links']) =>
  recordOnTickets(
    tx,
    links.flatMap(({ from_id, to_id, kind }) =>
      [
        [from_id, to_id],
        [to_id, from_id],
      ].map(([id, other]) => ({
        ticketId: id!,
        verb,
        subject: { kind: 'ticket', id: id! },
        after: { kind, other, from: id === from_id },
      })),
    ),
  )
