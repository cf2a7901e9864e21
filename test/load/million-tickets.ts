import { Client } from 'pg'

const ENDED = `('resolved', 'closed', 'cancelled')`

/** A desk of this age has its record in months; that of the demo was told in a day and rests in the default partition. */
const INTO_MONTHS = `do $$
declare
  first_day date;
  name text;
begin
  create temp table told as select * from activity_rest;
  truncate activity_rest;
  for first_day in select generate_series(date_trunc('month', min(recorded_at)), max(recorded_at), '1 month')::date from told loop
    name := 'activity_' || to_char(first_day, 'YYYY_MM');
    if to_regclass(name) is null then
      execute format('create table %I partition of activity for values from (%L) to (%L)', name, first_day || ' 00:00+00',
        (first_day + interval '1 month')::date || ' 00:00+00');
      execute format('revoke all on %I from tocsin_app', name);
    end if;
  end loop;
  insert into activity select * from told;
  drop table told;
end $$`

/**
 * Makes `copies` more of every ticket of the demo, with clocks and timeline, each at its own moment of the two
 * years and under its own number; open ones stay open. Indexes of `ticket` are made anew afterwards, as one would
 * for a load of this size. `which` is a condition on the demo's `ticket t`.
 */
export async function multiplyTickets(ownerUrl: string, copies: number, which = 'true'): Promise<number> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '512MB'; set work_mem = '256MB';
      set session_replication_role = replica`)
    await client.query(INTO_MONTHS)
    const { rows: indexes } = await client.query<{ indexname: string; indexdef: string }>(
      `select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename in ('ticket', 'sla_clock', 'activity')
       and indexname not in (select conname from pg_constraint)`,
    )
    for (const { indexname } of indexes) await client.query(`drop index ${indexname}`)
    await client.query(`
      create temp table copy as
      select uuidv7(created_at + moved - now()) as new_id, m.*
      from (select t.id, t.created_at, n, case when t.state in ${ENDED}
          then make_interval(secs => -random() * extract(epoch from t.created_at - (select min(created_at) from ticket)))
          else interval '0' end as moved
        from ticket t cross join generate_series(1, ${copies}) n where ${which}) m`)
    // The oldest first, as a desk of this age has them on its disk.
    const oldest = 'order by c.created_at + c.moved'
    const columns = await columnsOf(client, 'ticket')
    const moved = [
      'created_at',
      'acknowledged_at',
      'first_response_at',
      'resolved_at',
      'closed_at',
      'updated_at',
      'due_at',
    ]
    await client.query(`
      insert into ticket (${columns.join(', ')})
      select ${columns.map((column) => (column === 'id' ? 'c.new_id' : column === 'number' ? `left(t.number, 4) || (c.n * 1000000 + substr(t.number, 5)::int)` : moved.includes(column) ? `t.${column} + c.moved` : `t.${column}`)).join(', ')}
      from copy c join ticket t on t.id = c.id ${oldest}`)
    await client.query(`
      insert into sla_clock (ticket_id, target, policy_version_id, calendar_version_id, target_ms, state, elapsed_ms,
        counted_at, due_at, started_at, set_at, stopped_at, breached_at, version)
      select c.new_id, target, policy_version_id, calendar_version_id, target_ms, state, elapsed_ms, counted_at + moved,
        due_at + moved, started_at + moved, set_at + moved, stopped_at + moved, breached_at + moved, version
      from copy c join sla_clock k on k.ticket_id = c.id ${oldest}`)
    await client.query(`
      insert into ticket_state (ticket_id, revision, at, state, pending_reason, priority, service_id, team_id, assignee_id)
      select c.new_id, revision, at + moved, state, pending_reason, priority, service_id, team_id, assignee_id
      from copy c join ticket_state s on s.ticket_id = c.id`)
    await client.query(`
      insert into ticket_tag (ticket_id, tag_id, created_at)
      select c.new_id, x.tag_id, x.created_at + c.moved from copy c join ticket_tag x on x.ticket_id = c.id`)
    const told = await columnsOf(client, 'activity')
    const own: Record<string, string> = {
      id: 'uuidv7(a.recorded_at + c.moved - now())',
      ticket_id: 'c.new_id',
      subject_id: `case when a.subject_id = c.id then c.new_id else a.subject_id end`,
      recorded_at: 'a.recorded_at + c.moved',
      at: 'a.at + c.moved',
    }
    await client.query(`
      insert into activity (${told.join(', ')})
      select ${told.map((column) => own[column] ?? `a.${column}`).join(', ')}
      from copy c join activity a on a.ticket_id = c.id`)
    // Those of a partitioned table are written down as if its partitions had none.
    for (const { indexdef } of indexes) await client.query(indexdef.replace(' ON ONLY ', ' ON '))
    await client.query(`
      insert into sla_mark (clock_id, percent, due_at, reached_at)
      select k.id, percent, m.due_at, reached_at from ticket t join copy c on c.id = t.id
        join sla_clock d on d.ticket_id = c.id join sla_mark m on m.clock_id = d.id
        join sla_clock k on k.ticket_id = c.new_id and k.target = d.target
      where t.state not in ${ENDED}`)
    await client.query('vacuum (analyze) ticket')
    await client.query('vacuum (analyze) sla_clock')
    await client.query('vacuum (analyze) activity')
    await client.query('vacuum (analyze) ticket_state')
    const { rows } = await client.query<{ count: string }>('select count(*) from ticket')
    return Number(rows[0]!.count)
  } finally {
    await client.end()
  }
}

async function columnsOf(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  )
  return rows.map(({ name }) => name)
}
