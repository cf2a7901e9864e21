import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { type Reader, searchedInScope, ticketVisible, ticketWorkable } from '../auth/index.ts'
import { type Heard, weighWords } from './words.ts'

/** What another ticket is to be like: one that there is, or one that is being written. */
export interface Likeness {
  /** Itself, which is not among those like it. */
  id?: string
  title: string
  serviceId?: string | null
  ciId?: string | null
  categoryId?: string | null
  symptomKey?: string | null
}

export interface SimilarTicket {
  number: string
  kind: string
  title: string
  state: string
  priority: string
  created_at: Date
  resolved_at: Date | null
  resolution_code: string | null
  /** What the two have in common. */
  why: { symptom: boolean; ci: boolean; service: boolean; category: boolean; words: string[] }
  /** The last word of the desk before it was solved. */
  solution: { kind: 'reply' | 'note'; author: string | null; at: string; text: string } | null
}

const MOST = 6
/** The latest tickets, among which words that many have are met. */
const LATEST = 2000
const OF_EACH = 50
const MOST_TEXT = 4000

/**
 * Tickets that the reader works on and that are like this one, the likest first: of the same symptom, about the same
 * item, or with rare words in common. However many tickets there are, so many are looked at.
 */
export async function findSimilar(db: Db, reader: Reader, like: Likeness): Promise<SimilarTicket[]> {
  const { heard, tickets } = await hear(db, like.title)
  const { words, rare } = weighWords(heard, tickets)
  const [any, few] = [words.map(({ word }) => word), rare].map((some) =>
    some.map((word) => `'${word}'`).join(' | '),
  )
  const { id = null, serviceId = null, ciId = null, categoryId = null, symptomKey = null } = like
  const { rows } = await sql<SimilarTicket>`
    with said as (select * from unnest(${words.map(({ word }) => word)}::text[], ${words.map(({ weight }) => weight)}::float8[]) as s(word, weight)),
    latest as materialized (
      select l.id from (select t.id, t.search from ticket t order by t.created_at desc, t.id desc limit ${LATEST}) l
      where ${any ? sql`l.search @@ ${any}::tsquery` : sql`false`}
    ), rare as materialized (
      select t.id from ticket t where ${few ? searchedInScope(reader, sql`${few}::tsquery`) : sql`false`}
    ), same as materialized (
      (select t.id from ticket t where t.service_id = ${serviceId}::uuid and t.symptom_key = ${symptomKey}
       order by t.created_at desc limit ${OF_EACH})
      union all
      (select t.id from ticket t where t.ci_id = ${ciId}::uuid order by t.created_at desc limit ${OF_EACH})
    ), alike as (
      select t.*, t.symptom_key = ${symptomKey} and t.service_id = ${serviceId}::uuid as symptom, t.ci_id = ${ciId}::uuid as ci,
        t.service_id = ${serviceId}::uuid as service, t.category_id = ${categoryId}::uuid as category,
        (select coalesce(sum(s.weight), 0) from said s where t.search @@ quote_literal(s.word)::tsquery) as said
      from ticket t
      where t.id in (select id from latest union select id from rare union select id from same)
        and t.id is distinct from ${id}::uuid and t.state <> 'cancelled' and t.resolution_code is distinct from 'merged'
        and ${ticketVisible(reader)} and ${ticketWorkable(reader)}
    ), chosen as (
      select a.*, (case when symptom then 6 else 0 end + case when ci then 3 else 0 end + case when service then 1 else 0 end
        + case when category then 1 else 0 end + said + case when resolved_at is not null then 1 else 0 end) as score
      from alike a where symptom or ci or said >= case when service or category then 2 else 3 end
      order by score desc, created_at desc limit ${3 * MOST}
    )
    select c.number, c.kind, c.title, c.state, c.priority, c.created_at, c.resolved_at, c.resolution_code,
      jsonb_build_object('symptom', coalesce(c.symptom, false), 'ci', coalesce(c.ci, false), 'service', coalesce(c.service, false),
        'category', coalesce(c.category, false),
        'words', array(select s.word from said s where c.search @@ quote_literal(s.word)::tsquery order by s.weight desc, s.word)) as why,
      x.solution
    from chosen c left join lateral (
      select jsonb_build_object('kind', m.kind, 'at', m.created_at, 'text', left(m.body, ${MOST_TEXT}),
          'author', (select p.name from person p where p.id = m.author_id)) as solution
      from message m where m.ticket_id = c.id and not m.from_requester and m.erased_at is null and m.created_at <= c.resolved_at
      order by m.created_at desc, m.kind = 'reply' desc, m.id desc limit 1) x on true
    order by c.score + case when x.solution is not null then 2 else 0 end desc, c.created_at desc limit ${MOST}`.execute(
    db,
  )
  return rows
}

/** The words of a title, with the share of tickets that have each: as the planner of queries knows it. */
async function hear(db: Db, title: string): Promise<{ heard: Heard[]; tickets: number }> {
  const { rows } = await sql<Heard & { tickets: number }>`
    with known as (
      select e.word, f.share
      from pg_stats s, unnest(s.most_common_elems::text::text[]) with ordinality as e(word, n),
        unnest(s.most_common_elem_freqs) with ordinality as f(share, n)
      where s.schemaname = 'public' and s.tablename = 'ticket' and s.attname = 'search' and e.n = f.n
    )
    select w.word, coalesce(k.share, (select min(share) from known), 0)::float8 as share,
           (select greatest(reltuples, 0) from pg_class where oid = 'public.ticket'::regclass)::float8 as tickets
    from unnest(tsvector_to_array(search_document(${title}))) w(word) left join known k using (word)`.execute(
    db,
  )
  return { heard: rows, tickets: rows[0]?.tickets ?? 0 }
}
