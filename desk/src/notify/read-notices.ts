import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { type ActivityRow, followRecord, readFeed, recordOnTickets, type Tx } from '../activity/index.ts'
import { deafToMentions } from './mention-mails.ts'
import { noticesFor, type Telling, type ToldTicket } from './notice-rules.ts'

const READER = 'notices'
const BATCH = 500
/** Older lines are history that was loaded, or a desk that stood still: telling it now would only confuse. */
const NEWS_MS = 24 * 3_600_000
const STRANGER = 'stranger'

/** Reads the record on and turns its lines into notices: each line is told once to each person. */
export const readNotices = (db: Db): Promise<number> => followRecord(db, READER, readOn)

async function readOn(tx: Tx, from: number) {
  const lines = await readFeed(tx.db, from, BATCH)
  const news = lines.filter((line) => line.ticket_id && tx.now.getTime() - line.at.getTime() < NEWS_MS)
  await keepNotices(tx, news, await ticketsOf(tx, news))
  await tellAuthors(tx, lines)
  return { place: lines.at(-1)?.place ?? from, lines: lines.length }
}

/** Of a `ticket t`, a declared major incident, whoever is told of it beside those who see it. */
const AUDIENCE = sql`case when exists (select from major_incident m where m.ticket_id = t.id and m.state = 'declared') then array(
  select s.person_id from major_stakeholder s where s.ticket_id = t.id and s.person_id is not null
  union select g.person_id from major_stakeholder s join role_grant g on g.team_id = s.team_id where s.ticket_id = t.id
  union select f.person_id from major_follower f where f.ticket_id = t.id
  union select c.requester_id from ticket c where c.parent_id = t.id and c.requester_id is not null
    and c.state not in ('resolved', 'closed', 'cancelled')) else '{}' end`

async function ticketsOf(tx: Tx, lines: ActivityRow[]): Promise<Map<string, ToldTicket>> {
  const ids = [...new Set(lines.map((line) => line.ticket_id!))]
  if (ids.length === 0) return new Map()
  const { rows } = await sql<ToldTicket & { id: string }>`
    select t.id, t.requester_id, t.assignee_id, t.channel,
           exists (select from shadow_ticket h where h.ticket_id = t.id and h.left_at is null) as shadow,
           coalesce((select array_agg(w.person_id order by w.person_id) from watcher w where w.ticket_id = t.id), '{}') as watchers,
           ${AUDIENCE} as audience
    from ticket t where t.id = any(${ids}::uuid[])`.execute(tx.db)
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * Keeps what is to be told. A stranger, who has no sign-in and no role and never wrote to us, is told of a
 * person's reply and of outages, and else once an hour: whoever opens tickets in their name cannot flood them. Readers of the
 * feed take turns, so no two decide at once.
 */
async function keepNotices(tx: Tx, lines: ActivityRow[], tickets: Map<string, ToldTicket>): Promise<void> {
  const deaf = await deafToMentions(tx, lines)
  const wanted = lines.flatMap((line) =>
    noticesFor(line, tickets.get(line.ticket_id!)!, deaf).map(({ personId, template }) => ({
      person_id: personId,
      template,
      activity_id: line.id,
      ticket_id: line.ticket_id,
      message_id: (line.after as { message?: string } | null)?.message ?? null,
    })),
  )
  const given = wanted.map((notice, position) => ({ ...notice, position }))
  if (given.length === 0) return
  // A person wrote it, and not to them alone or on nobody's behalf.
  const rare = sql`template not in ('reply', 'outage', 'outage-over')`
  const { rows } = await sql<KeptNotice>`
    with given as (
      select g.*, p.auth_user_id is null
          and not exists (select from role_grant r where r.person_id = p.id)
          and not exists (select from activity a where a.actor_id = p.id and a.actor_kind = 'person') as stranger
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        as g(position int, person_id uuid, template text, activity_id uuid, ticket_id uuid, message_id uuid)
      join person p on p.id = g.person_id and p.email is not null and p.archived_at is null
    ), told as (
      select g.*, stranger and ${rare} as limited,
        row_number() over (partition by person_id, stranger and ${rare} order by position) > 1
          or exists (select from notice n where n.person_id = g.person_id and n.plain and n.${rare}
                       and n.state <> 'withheld' and n.created_at > ${tx.now}::timestamptz(3) - interval '1 hour') as often
      from given g
    )
    insert into notice (person_id, ticket_id, activity_id, template, message_id, plain, state, outcome, due_at, created_at)
    select person_id, ticket_id, activity_id, template, message_id, stranger,
      case when limited and often then 'withheld' else 'waiting' end,
      case when limited and often then ${JSON.stringify({ ok: false, reason: STRANGER })}::jsonb end, ${tx.now}, ${tx.now}
    from told order by position
    on conflict (activity_id, person_id) do nothing
    returning id, person_id, ticket_id, template, state`.execute(tx.db)
  await recordOnTickets(
    tx,
    rows
      .filter(({ state }) => state === 'withheld')
      .map(({ id, person_id, ticket_id, template }) => ({
        ticketId: ticket_id,
        verb: 'withhold',
        subject: { kind: 'notice', id },
        after: { recipient: person_id, template },
        why: { reason: STRANGER, most: 1, of_minutes: 60 },
      })),
  )
  await sql`select pg_notify('due', 'notices')`.execute(tx.db)
}

/**
 * A window's author hears that it began and that it ended, once a span; not of what they themselves began or ended
 * just then.
 */
async function tellAuthors(tx: Tx, lines: ActivityRow[]): Promise<void> {
  const given = lines
    .filter(
      ({ subject_kind, verb }) => subject_kind === 'maintenance' && (verb === 'begin' || verb === 'end'),
    )
    .filter(({ at }) => tx.now.getTime() - at.getTime() < NEWS_MS)
    .map(({ id, subject_id, verb, after }) => ({
      activity_id: id,
      window: subject_id,
      verb,
      starts_at: (after as { starts_at: string }).starts_at,
    }))
  if (given.length === 0) return
  await sql`
    insert into notice (person_id, activity_id, template, state, due_at, created_at)
    select p.id, g.activity_id, 'quiet-' || g.verb, 'waiting', ${tx.now}, ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      as g(activity_id uuid, "window" uuid, verb text, starts_at timestamptz(3))
    join maintenance m on m.id = g."window"
    join person p on p.id = m.author_id and p.email is not null and p.archived_at is null
    where (m.cancelled_at is null or g.starts_at < m.cancelled_at)
      and case g.verb when 'begin' then g.starts_at > m.created_at else m.cancelled_by is distinct from p.id end
    on conflict (activity_id, person_id) do nothing`.execute(tx.db)
  await sql`select pg_notify('due', 'notices')`.execute(tx.db)
}

interface KeptNotice {
  id: string
  person_id: string
  ticket_id: string
  template: Telling['template']
  state: 'waiting' | 'withheld'
}
