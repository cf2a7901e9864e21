-- Maintenance windows and silences: what is covered, when, by whom and why. Each always ends, so all its spans are
-- known from the start; a span is the due-time row of its announcement, and of the end that takes up what still fails.
create table maintenance (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('window', 'silence')),
  reason text not null,
  author_id uuid references person,
  author_name text,            -- where a program wrote it in somebody's name
  service_ids uuid[] not null default '{}',
  ci_ids uuid[] not null default '{}',
  matchers jsonb not null default '[]',  -- [{ "name", "value", "is_regex", "is_equal" }], all of them
  condition text,              -- CEL over an event
  integration_id uuid references integration,  -- null: alerts of every source
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,       -- of the first span
  zone text not null default 'UTC',
  rrule text,                  -- RFC 5545, without DTSTART; null: once
  until timestamptz(3) not null,         -- the end of the last span
  change_id uuid references ticket,      -- the planned change that it belongs to
  cancelled_at timestamptz(3),
  cancelled_by uuid references person,
  created_at timestamptz(3) not null,
  revision integer not null default 1,
  check (ends_at > starts_at)
);
create index maintenance_until on maintenance (until);
create table maintenance_span (
  maintenance_id uuid not null references maintenance,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  begun_at timestamptz(3),
  ended_at timestamptz(3),
  primary key (maintenance_id, starts_at)
);
create index maintenance_span_begin on maintenance_span (starts_at) where begun_at is null;
create index maintenance_span_end on maintenance_span (ends_at) where ended_at is null;
create index alert_window on alert (held_window) where held_window is not null;
