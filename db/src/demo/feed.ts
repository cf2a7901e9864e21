import type pg from 'pg'

/** What was set up, as audit lines: subject kinds and their tables. */
const MADE = {
  team: 'team',
  calendar: 'calendar',
  sla_policy: 'sla_policy',
  schedule: 'schedule',
  escalation_policy: 'escalation_policy',
  service: 'service',
  catalogue_item: 'catalogue_item',
  integration: 'integration',
}

/** Lines for what the administrator set up, then a place in the feed for every line, in the order of time. */
export async function placeHistory(client: pg.Client, administratorId: string): Promise<void> {
  const made = Object.entries(MADE).map(
    ([kind, table]) => `select '${kind}' as kind, id, created_at from ${table}`,
  )
  await client.query(
    `insert into activity (id, recorded_at, at, actor_kind, actor_id, verb, subject_kind, subject_id, visibility)
     select uuidv7(created_at - clock_timestamp()), created_at, created_at, 'person', $1::uuid, 'create', kind, id, 'audit'
     from (${made.join(' union all ')}) made`,
    [administratorId],
  )
  await client.query(`
    insert into activity_place (place, id, recorded_at)
    select row_number() over (order by recorded_at, ticket_id, revision, id), id, recorded_at from activity`)
  await client.query(`select setval('activity_place_seq', (select count(*) from activity_place))`)
  // What is older than a day is nobody's news any more: no mail tells of it.
  await client.query(`
    insert into feed_cursor (reader, place)
    select 'notices', count(*) from activity where recorded_at < (select tocsin_now()) - interval '1 day'`)
  await client.query(
    `insert into known_word select distinct word from ticket t, words_to_know(t.search) word`,
  )
  await client.query(`
    insert into feed_cursor (reader, place) select 'words', count(*) from activity
    on conflict (reader) do update set place = excluded.place`)
}

/**
 * The configuration as it was set up, where a replay looks for it: the rows were loaded past the triggers that keep it.
 * What each of these asks of its table stands in its arguments.
 */
export async function placeConfiguration(client: pg.Client): Promise<void> {
  await client.query(`
    do $$
    declare one record;
    begin
      for one in
        select tgrelid::regclass::text as source,
          array_to_string(array_remove(string_to_array(encode(tgargs, 'escape'), '\\000'), ''), ', ') as listed
        from pg_trigger t
        where tgname = 'keep_configuration'
          and not exists (select from configuration_history h where h.source = tgrelid::regclass::text)
      loop
        execute format('insert into configuration_history (source, after) select %L, to_jsonb(s) from (select %s from %I) s',
          one.source, one.listed, one.source);
      end loop;
    end $$`)
}
