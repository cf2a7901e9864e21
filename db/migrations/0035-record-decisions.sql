-- What a decision needs to be replayed exactly, recorded from now on: the batches as they were taken (decision,
-- decided_receipt), the configuration over time (configuration_history), and once a day how everything stood
-- (checkpoint). A decision's id is made while its locks are held, so the ids of decisions and of the record's lines
-- together are the order in which those that touched the same thing came; xid and snapshots tell what one saw of others.
create table decision (
  id uuid not null default uuidv7(),
  at timestamptz(3) not null,
  kind text not null check (kind in ('batch', 'ageing')),
  integration_id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  seen pg_snapshot not null,       -- when its configuration was read
  placed_in pg_snapshot,           -- when the tickets beside were; null: nothing asked for them
  overdue jsonb not null,          -- [key, due] of alerts whose own time had come when it took them
  known jsonb not null,            -- alerts as it found them that no checkpoint of its day can hold
  primary key (id, at)
) partition by range (at);
create table decision_rest partition of decision default;
create table decided_receipt (
  decision_id uuid not null,
  at timestamptz(3) not null,
  seq bigint not null,
  receipt_id uuid not null,
  received_at timestamptz(3) not null,
  events json not null,            -- as they were decided: read, and with what look-ups knew
  primary key (decision_id, seq, at)
) partition by range (at);
create table decided_receipt_rest partition of decided_receipt default;
revoke update, delete, truncate on decision, decided_receipt from tocsin_app;
revoke all on decision_rest, decided_receipt_rest from tocsin_app;

create table checkpoint (
  id uuid primary key default uuidv7(),
  day date not null unique,        -- of UTC
  at timestamptz(3) not null,
  seen pg_snapshot not null
);
create table checkpoint_row (
  checkpoint_id uuid not null references checkpoint,
  kind text not null check (kind in ('alert', 'ticket')),
  body jsonb not null
);
create index checkpoint_row_of on checkpoint_row (checkpoint_id, kind);

create table configuration_history (
  id uuid primary key default uuidv7(),
  at timestamptz(3) not null default tocsin_now(),
  xid xid8 not null default pg_current_xact_id(),
  source text not null,
  before jsonb,
  after jsonb
);

-- Keeps what replay asks of a row: its arguments are the columns. Nothing where these have not changed.
create function keep_configuration() returns trigger language plpgsql security definer set search_path = public as $$
declare
  was jsonb;
  becomes jsonb;
begin
  if tg_op <> 'INSERT' then
    select jsonb_object_agg(key, value) into was from jsonb_each(to_jsonb(old)) where key = any(tg_argv::text[]);
  end if;
  if tg_op <> 'DELETE' then
    select jsonb_object_agg(key, value) into becomes from jsonb_each(to_jsonb(new)) where key = any(tg_argv::text[]);
  end if;
  if was is distinct from becomes then
    insert into configuration_history (source, before, after) values (tg_table_name, was, becomes);
  end if;
  return null;
end $$;

do $$
declare
  source text;
  columns text[];
  listed text;
begin
  for source, columns in values
    ('service', array['id', 'key', 'team_id', 'escalation_policy_id', 'archived_at']),
    ('configuration_item', array['id', 'name', 'kind', 'service_id', 'attributes', 'archived_at']),
    ('service_dependency', array['service_id', 'depends_on_id']),
    ('ci_dependency', array['ci_id', 'depends_on_id']),
    ('integration', array['id', 'system', 'name', 'service_id', 'team_id', 'escalation_policy_id', 'settings']),
    ('severity_mapping', array['severity', 'impact', 'urgency', 'opens']),
    ('ruleset', array['version']),
    ('setting', array['key', 'value']),
    ('maintenance', array['id', 'revision', 'service_ids', 'ci_ids', 'matchers', 'condition', 'integration_id', 'cancelled_at']),
    ('maintenance_span', array['maintenance_id', 'starts_at', 'ends_at']),
    ('escalation_policy', array['id', 'archived_at']),
    ('role_grant', array['person_id', 'role', 'team_id']),
    ('person', array['id', 'zone', 'archived_at'])
  loop
    -- Only statements that name one of the columns: the door touches last_received_at all the time.
    listed := array_to_string(columns, ', ');
    execute format('create trigger keep_configuration after insert or delete or update of %s on %I for each row execute function keep_configuration(%s)',
      listed, source, (select string_agg(quote_literal(c), ', ') from unnest(columns) c));
    execute format('insert into configuration_history (source, after) select %L, to_jsonb(s) from (select %s from %I) s',
      source, listed, source);
  end loop;
end $$;
revoke insert, update, delete, truncate on configuration_history from tocsin_app;

create index escalation_step_decided on escalation_step (decided_at) where decided_at is not null;
create index alert_link_at on alert_link (linked_at);

create or replace function ensure_partitions(days_ahead integer default 3) returns void language plpgsql security definer as $$
declare
  today date := (tocsin_now() at time zone 'UTC')::date;
  parent text;
  first_day date;
  last_day date;
  name text;
  offset_days integer;
begin
  perform pg_advisory_xact_lock(hashtext('ensure_partitions'));
  for offset_days in -1..1 loop
    first_day := (date_trunc('month', today) + make_interval(months => offset_days))::date;
    name := 'activity_' || to_char(first_day, 'YYYY_MM');
    if to_regclass(name) is null and not exists (
      select from activity_rest where recorded_at >= first_day and recorded_at < first_day + interval '1 month'
    ) then
      execute format('create table %I partition of activity for values from (%L) to (%L)',
        name, first_day::text || ' 00:00+00', (first_day + interval '1 month')::date::text || ' 00:00+00');
      execute format('revoke all on %I from tocsin_app', name);
    end if;
  end loop;
  foreach parent in array array['receipt', 'event', 'decision', 'decided_receipt'] loop
    if to_regclass(parent) is null then continue; end if;
    for offset_days in -1..days_ahead loop
      first_day := today + offset_days;
      last_day := first_day + 1;
      name := parent || '_' || to_char(first_day, 'YYYY_MM_DD');
      if to_regclass(name) is null then
        begin
          execute format('create table %I partition of %I for values from (%L) to (%L)',
            name, parent, first_day::text || ' 00:00+00', last_day::text || ' 00:00+00');
          execute format('revoke all on %I from tocsin_app', name);
        exception when check_violation then
          raise notice 'rows of % already rest in the default partition of %', first_day, parent;
        end;
      end if;
    end loop;
  end loop;
end $$;
select ensure_partitions(3);

-- A replay is a chore: asked for, taken under a lease, its progress and result kept.
create table replay (
  id uuid primary key default uuidv7(),
  asked_by uuid references person,
  created_at timestamptz(3) not null,
  from_at timestamptz(3) not null,
  to_at timestamptz(3) not null,
  ruleset_version integer,         -- null: a draft
  body jsonb not null,             -- the rules that were tried
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  lease_until timestamptz(3),
  attempts integer not null default 0,
  done_events bigint not null default 0,
  done_to timestamptz(3),          -- how far in the period it has come
  finished_at timestamptz(3),
  error text,
  result jsonb,
  check (to_at > from_at)
);
create index replay_due on replay (created_at) where state in ('waiting', 'running');
create table replay_difference (
  replay_id uuid not null references replay,
  place integer not null,
  alert_id uuid,
  at timestamptz(3) not null,
  body jsonb not null,             -- alert, episode, what became of it then and what would now
  primary key (replay_id, place)
);
