import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'

/**
 * Makes the deliveries of new pages: one for each of the recipient's contact methods, in the order of their
 * delays, due at now plus the delay, save that nobody waits behind ways that are failing: the first that is not
 * is due when they are. Whoever never chose how to be reached is reached by e-mail and in the page.
 */
export async function queueDeliveries(tx: Tx, pageIds: string[]): Promise<void> {
  if (pageIds.length === 0) return
  await sql`
    insert into contact_method (person_id, kind, address, created_at)
    select r.id, k.kind, case k.kind when 'email' then r.email else '' end, ${tx.now}
    from (select distinct p.id, p.email from page g join person p on p.id = g.recipient_id
          where g.id = any(${pageIds}::uuid[])) r
    cross join (values ('email'), ('app')) k(kind)
    where (k.kind = 'app' or r.email is not null)
      and not exists (select from contact_method c where c.person_id = r.id and c.archived_at is null)
    on conflict do nothing`.execute(tx.db)
  await sql`
    insert into delivery (page_id, contact_method_id, position, state, due_at, created_at)
    select page_id, id, position, 'waiting',
           ${tx.now}::timestamptz(3) + case when working_before = 0 then coalesce(failing_due, delay_ms) else delay_ms end * interval '1 millisecond', ${tx.now}
    from (
      select g.id as page_id, c.id, c.delay_ms, row_number() over ways as position,
             count(*) filter (where c.failing_since is null and c.kind <> 'app') over before as working_before,
             min(c.delay_ms) filter (where c.failing_since is not null) over before as failing_due
      from page g join contact_method c on c.person_id = g.recipient_id and c.archived_at is null
      where g.id = any(${pageIds}::uuid[])
      window ways as (partition by g.id order by c.delay_ms, c.created_at, c.id),
             before as (ways rows between unbounded preceding and 1 preceding)
    ) w
    on conflict do nothing`.execute(tx.db)
  await sql`select pg_notify('due', 'deliveries')`.execute(tx.db)
}
