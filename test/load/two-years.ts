import { Client } from 'pg'

/** Two years of a desk's history, set-based: the same for every run, because it is computed from row numbers. */
export const TWO_YEARS = { from: new Date('2024-11-01T00:00:00Z'), to: new Date('2026-11-01T00:00:00Z') }

// A fraction between 0 and 1 that looks random and is the same every time.
const chance = (salt: string) => `((hashint4extended(n, ${salt}) & 1048575) / 1048576.0)`

/**
 * Loads tickets of 40 teams and 50 services with both SLA clocks each, a page for every fifth, time spent on every
 * second, and a tally of three integrations. Indexes are dropped before and made again after, as one would for a load of this size.
 */
export async function loadTwoYears(ownerUrl: string, tickets: number): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      `set synchronous_commit = off; set maintenance_work_mem = '256MB'; set work_mem = '128MB';
       set session_replication_role = replica`,
    )
    await client.query(WORLD)
    const indexes = await dropIndexes(client, ['ticket', 'sla_clock', 'page', 'tally'])
    await client.query(ticketsOf(tickets))
    for (const target of ['response', 'resolution'] as const) await client.query(clocksOf(target))
    await client.query(PAGES)
    await client.query(WORK)
    await client.query(TALLY)
    for (const index of indexes) await client.query(index)
    await client.query('analyze')
  } finally {
    await client.end()
  }
}

async function dropIndexes(client: Client, tables: string[]): Promise<string[]> {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(
    `select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = any($1)
       and indexname not in (select conname from pg_constraint)`,
    [tables],
  )
  for (const { indexname } of rows) await client.query(`drop index ${indexname}`)
  return rows.map(({ indexdef }) => indexdef)
}

const WORLD = `
  insert into team (name) select 'Team ' || n from generate_series(1, 40) n;
  insert into service (key, name, team_id)
    select 'service-' || n, jsonb_build_object('en', 'Service ' || n), (select id from team where name = 'Team ' || (1 + n % 40))
    from generate_series(1, 50) n;
  insert into person (name) select 'Person ' || n from generate_series(1, 100) n;
  insert into integration (system, name, service_id)
    select 'events', 'Integration ' || n, (select id from service where key = 'service-' || n) from generate_series(1, 3) n;
  insert into calendar (name) values ('always');
  insert into calendar_version (calendar_id, version, effective_from, zone, weekly, always)
    select id, 1, '2020-01-01', 'UTC', '[]', true from calendar;
  insert into sla_policy (name) values ('usual');
  insert into sla_policy_version (policy_id, version, effective_from, kinds, calendar_id, targets)
    select p.id, 1, '2020-01-01', '{incident,request}', c.id, '{}' from sla_policy p, calendar c;`

const ticketsOf = (many: number) => `
  insert into ticket (number, kind, state, title, impact, urgency, priority, service_id, team_id, symptom_key, channel,
    created_at, acknowledged_at, resolved_at, closed_at, updated_at, reopen_count)
  select 'INC-' || n, case when ${chance('1')} < 0.7 then 'incident' else 'request' end,
    case when cancelled then 'cancelled' when resolved > '2026-11-01' then 'in_progress' else 'closed' end,
    'Something is wrong with number ' || n, 'medium', 'medium', 'P' || (1 + floor(5 * sqrt(${chance('2')})))::int,
    service.ids[1 + floor(50 * ${chance('3')} ^ 2)::int], team.ids[1 + floor(40 * ${chance('4')} ^ 2)::int],
    case when ${chance('5')} < 0.6 then 'symptom-' || floor(400 * ${chance('6')} ^ 3)::int end,
    (array['monitoring', 'monitoring', 'portal', 'email'])[1 + floor(4 * ${chance('7')})::int],
    created, case when acknowledged < '2026-11-01' then acknowledged end,
    case when not cancelled and resolved < '2026-11-01' then resolved end,
    case when resolved + interval '3 days' < '2026-11-01' then resolved + interval '3 days' end,
    least(resolved, '2026-11-01'), case when ${chance('8')} < 0.04 then 1 else 0 end
  from (select array_agg(id order by key) as ids from service) service,
    (select array_agg(id order by name) as ids from team) team,
    generate_series(1, ${many}) n,
    lateral (select ${chance('9')} < 0.03 as cancelled,
      timestamptz '2024-11-01' + n * (interval '730 days' / ${many}) as created) opened,
    lateral (select created + interval '1 minute' * exp(1 + 4 * ${chance('10')}) as acknowledged,
      created + interval '1 minute' * exp(3 + 8 * ${chance('11')}) as resolved) lived`

const clocksOf = (target: 'response' | 'resolution') => {
  const [stops, minutes] = target === 'response' ? ['acknowledged_at', 60] : ['resolved_at', 2_880]
  return `
  insert into sla_clock (ticket_id, target, policy_version_id, calendar_version_id, target_ms, state, counted_at,
    started_at, due_at, stopped_at, breached_at)
  select t.id, '${target}', p.id, c.id, ${minutes} * 60000,
    case when coalesce(t.${stops}, '2026-11-01') > due then 'breached' when t.${stops} is null then 'running' else 'met' end,
    t.created_at, t.created_at, case when t.${stops} is null then due end, t.${stops},
    case when coalesce(t.${stops}, '2026-11-01') > due then due end
  from ticket t, sla_policy_version p, calendar_version c,
    lateral (select t.created_at + interval '${minutes} minutes' as due) promised`
}

const PAGES = `
  insert into page (ticket_id, cycle, step, recipient_id, why, state, created_at, acknowledged_at)
  select t.id, 1, 0, person.ids[1 + t.n % 100], '{}', 'ended', t.created_at, t.acknowledged_at
  from (select array_agg(id) as ids from person) person,
    (select id, created_at, acknowledged_at, row_number() over (order by created_at) as n from ticket) t
  where t.n % 5 = 0`

const WORK = `
  insert into work_entry (ticket_id, person_id, minutes, at, created_at)
  select t.id, person.ids[1 + t.n % 100], 5 + t.n % 90, t.at, t.at
  from (select array_agg(id) as ids from person) person,
    (select id, created_at + interval '2 hours' as at, row_number() over (order by created_at) as n from ticket) t
  where t.n % 2 = 0`

const TALLY = `
  insert into tally (integration_id, minute, bucket, count)
  select i.id, m, b.bucket, b.count
  from integration i, generate_series(timestamptz '2024-11-01', '2026-10-31 23:45', interval '15 minutes') m,
    (values ('received', 40), ('repeated', 36), ('joined', 3), ('opened', 1)) b(bucket, count)`
