-- The record: one line for every change, in the change's own transaction. Services may only add lines.
-- Lines hold ids, codes, numbers and instants; names and free text live in rows that can be erased.
create table activity (
  id uuid not null default uuidv7(),
  recorded_at timestamptz(3) not null default tocsin_now(),
  at timestamptz(3) not null,
  actor_kind text not null check (actor_kind in ('person', 'rule', 'integration', 'system')),
  actor_id uuid,
  verb text not null,
  subject_kind text not null,
  subject_id uuid not null,
  ticket_id uuid,
  revision integer,
  before jsonb,
  after jsonb,
  cause jsonb,
  why jsonb,
  visibility text not null check (visibility in ('public', 'internal', 'audit')),
  version smallint not null default 1,
  primary key (id, recorded_at)
) partition by range (recorded_at);
create table activity_rest partition of activity default;
create index activity_ticket on activity (ticket_id, revision) where ticket_id is not null;
create index activity_subject on activity (subject_kind, subject_id, id);
create index activity_actor on activity (actor_id, id) where actor_id is not null;

-- A line waits here from its own commit until the sequencer, alone under an advisory lock, gives it its
-- place. A late commit therefore gets a late place: readers by place never skip and never wait for it.
create table activity_waiting (
  id uuid primary key,
  recorded_at timestamptz(3) not null
);
create sequence activity_place_seq;
create table activity_place (
  place bigint primary key,
  id uuid not null,
  recorded_at timestamptz(3) not null
);
create table feed_cursor (
  reader text primary key,
  place bigint not null default 0,
  updated_at timestamptz(3) not null default tocsin_now()
);

-- Creates partitions ahead of time. security definer: services own no tables, and reach partitions only
-- through their parent, so that what is refused there cannot be done underneath.
create function ensure_partitions(days_ahead integer default 3) returns void language plpgsql security definer as $$
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
  foreach parent in array array['receipt', 'event'] loop
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

revoke all on activity_rest from tocsin_app;
revoke update, delete, truncate on activity, activity_place from tocsin_app;
