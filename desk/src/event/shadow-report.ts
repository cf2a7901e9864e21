import type { Db, Tables } from '@tocsin/db'
import { type RawBuilder, sql, type Transaction } from 'kysely'
import { record, SYSTEM, transact, type Tx } from '../activity/index.ts'

/** The zone in which a day of a report begins and ends, as a row. */
export const REPORTING_ZONE = sql`(
  select coalesce((select value #>> '{}' from setting where key = 'reporting_zone'), 'UTC') as zone)`
/** The morning after, in a column `zone`. */
export const reportDue = (day: RawBuilder<unknown>): RawBuilder<Date> =>
  sql<Date>`((${day} + 1 + time '07:00') at time zone zone)`

export interface ShadowDay {
  day: string
  zone: string
  from: Date
  to: Date
  /** Opened that day. */
  incidents: number
  /** Of these, those for which nobody would have been paged until now. */
  unpaged: number
  pages: number
  /** Of the pages: between 22 and 8 o'clock where their recipient was. */
  at_night: number
  people: { person: { id: string; name: string }; pages: number; at_night: number }[]
}

/** Whom an integration in shadow would have paged on a day of the reporting zone; without a day, today. */
export async function readShadowDay(
  db: Db | Transaction<Tables>,
  integrationId: string,
  day?: string,
): Promise<ShadowDay> {
  const { rows } = await sql<ShadowDay>`
    with of as (
      select zone, coalesce(${day ?? null}::date, (tocsin_now() at time zone zone)::date) as day from ${REPORTING_ZONE} z
    ), span as materialized (
      select day, zone, day::timestamp at time zone zone as starts, (day + 1)::timestamp at time zone zone as ends from of
    ), opened as (
      select exists (select from shadow_page p where p.ticket_id = t.ticket_id) as paged from shadow_ticket t
      where t.integration_id = ${integrationId} and t.since >= (select starts from span) and t.since < (select ends from span)
    ), paged as (
      select recipient_id, count(*) as pages, count(*) filter (where at_night) as at_night from shadow_page
      where integration_id = ${integrationId} and at >= (select starts from span) and at < (select ends from span)
      group by recipient_id
    )
    select s.day::text as day, s.zone, s.starts as from, s.ends as to,
      (select count(*) from opened) as incidents, (select count(*) from opened where not paged) as unpaged,
      coalesce((select sum(pages) from paged), 0)::int as pages, coalesce((select sum(at_night) from paged), 0)::int as at_night,
      coalesce((select jsonb_agg(jsonb_build_object('person', jsonb_build_object('id', p.id, 'name', p.name),
          'pages', g.pages, 'at_night', g.at_night) order by g.pages desc, p.name, p.id)
        from paged g join person p on p.id = g.recipient_id), '[]') as people
    from span s`.execute(db)
  return rows[0]!
}

interface Due {
  integration_id: string
  day: string
  person_id: string | null
}

const BATCH = 20

/**
 * Tells the reports that are due, each once: the row, its line, its notice and the next day's row in one
 * transaction. Whichever engine comes first takes a row.
 */
export async function sweepShadowReports(db: Db): Promise<number> {
  let due: Due[] = []
  const claim = async (trx: Transaction<Tables>) => {
    const { rows } = await sql<Due>`
      select integration_id, day::text as day, person_id from shadow_report
      where told_at is null and due_at <= (select tocsin_now()) order by due_at, integration_id limit ${BATCH}
      for update skip locked`.execute(trx)
    due = rows
  }
  return transact(db, SYSTEM, (tx) => tell(tx, due), claim)
}

async function tell(tx: Tx, due: Due[]): Promise<number> {
  for (const report of due) await tellOne(tx, report)
  if (due.length > 0) await sql`select pg_notify('due', 'notices')`.execute(tx.db)
  return due.length
}

/** A desk has a handful of integrations in shadow: one report after the other is soon done. */
async function tellOne(tx: Tx, { integration_id, day, person_id }: Due): Promise<void> {
  const { incidents, pages, at_night, from, to } = await readShadowDay(tx.db, integration_id, day)
  const [line] = await record(tx, [
    {
      verb: 'report-shadow',
      subject: { kind: 'integration', id: integration_id },
      after: { day, from, to, incidents, pages, at_night, recipient: person_id },
      visibility: 'audit',
    },
  ])
  await sql`
    with told as (
      update shadow_report set told_at = ${tx.now} where integration_id = ${integration_id} and day = ${day}::date
    ), next as (
      insert into shadow_report (integration_id, day, due_at, person_id)
      select i.id, ${day}::date + 1, ${reportDue(sql`(${day}::date + 1)`)}, coalesce(i.shadow_by, ${person_id}::uuid)
      from integration i, ${REPORTING_ZONE} z
      where i.id = ${integration_id} and (i.shadow_since is not null and i.archived_at is null
        or exists (select from shadow_page p where p.integration_id = i.id and p.at >= ${to})
        or exists (select from shadow_ticket t where t.integration_id = i.id and t.since >= ${to}))
      on conflict do nothing
    )
    insert into notice (person_id, activity_id, template, state, due_at, created_at)
    select id, ${line!}, 'shadow-day', 'waiting', ${tx.now}, ${tx.now} from person
    where id = ${person_id}::uuid and email is not null and archived_at is null
    on conflict (activity_id, person_id) do nothing`.execute(tx.db)
}
