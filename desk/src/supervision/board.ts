import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { type MemberLoad, readTeamLoad } from '../assignment/index.ts'
import { type Reader, ticketSupervised } from '../auth/index.ts'

export interface InHand {
  number: string
  title: string
  kind: string
  state: string
  priority: string
  created_at: Date
  due_at: Date | null
  revision: number
  team_id: string | null
}

export interface Hand {
  /** Null: the queue, which nobody has. */
  member: MemberLoad | null
  open: number
  by_priority: Record<string, number>
  oldest_at: Date | null
  /** What is next for them, as far as the reader may see it. */
  next: InHand[]
}

export interface Board {
  as_of: Date
  cap: number | null
  hands: Hand[]
}

/** Who of a team has what: its queue first, then its people, each with what they are to go on with. */
export async function readBoard(db: Db, reader: Reader, teamId: string, each: number): Promise<Board> {
  const { settings, members } = await readTeamLoad(db, teamId)
  const people = members.map(({ person }) => person.id)
  const open = sql<boolean>`t.state not in ('resolved', 'closed', 'cancelled')`
  const line = sql`t.number, t.title, t.kind, t.state, t.priority, t.created_at, t.due_at, t.revision, t.team_id`
  const { rows } = await sql<{ as_of: Date; hands: (Omit<Hand, 'member'> & { person_id: string | null })[] }>`
    with counted as (
      select assignee_id as person_id, priority, count(*) as n, min(created_at) as oldest from ticket t
      where t.assignee_id = any(${people}::uuid[]) and ${open} group by 1, 2
      union all select null, priority, count(*), min(created_at) from ticket t
      where t.team_id = ${teamId} and t.assignee_id is null and ${open} group by 2
    ), summed as (
      select person_id, sum(n)::int as open, jsonb_object_agg(priority, n) as by_priority, min(oldest) as oldest_at from counted group by 1
    )
    select tocsin_now() as as_of, coalesce(jsonb_agg(jsonb_build_object('person_id', s.person_id, 'open', s.open,
      'by_priority', s.by_priority, 'oldest_at', s.oldest_at, 'next', coalesce(
        (select jsonb_agg(k order by k.state = 'pending', k.place nulls last, k.priority, k.created_at) from (
          select ${line}, t.next_at as place from ticket t
          where t.assignee_id = s.person_id and ${open} and ${ticketSupervised(reader)}
          order by t.state = 'pending', t.next_at nulls last, t.priority, t.created_at limit ${each}) k),
        case when s.person_id is null then (select jsonb_agg(k order by k.state = 'pending', k.place nulls last, k.priority, k.created_at) from (
          select ${line}, t.next_at as place from ticket t
          where t.team_id = ${teamId} and t.assignee_id is null and ${open}
          order by t.state = 'pending', t.next_at nulls last, t.priority, t.created_at limit ${each}) k) end, '[]'))), '[]') as hands
    from summed s`.execute(db)
  const handOf = new Map(rows[0]!.hands.map(({ person_id, ...hand }) => [person_id, hand]))
  const none = { open: 0, by_priority: {}, oldest_at: null, next: [] }
  return {
    as_of: rows[0]!.as_of,
    cap: settings.cap,
    hands: [
      { member: null, ...(handOf.get(null) ?? none) },
      ...members
        .map((member) => ({ member, ...(handOf.get(member.person.id) ?? none) }))
        .toSorted((a, b) => a.member.person.name.localeCompare(b.member.person.name)),
    ],
  }
}
