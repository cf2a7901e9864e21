-- History from another desk: a file is kept row by row until its tickets are written, so that a mapping can be tried
-- on all of it, and an import that was interrupted goes on. What could be imported leaves import_row again.
create table import (
  id uuid primary key default uuidv7(),
  name text not null,
  state text not null check (state in ('mapping', 'checking', 'checked', 'running', 'done', 'cancelled')),
  columns text[] not null,
  rows integer not null,
  mapping jsonb,
  items integer not null default 0,
  report jsonb not null default '{}',
  author_id uuid references person,
  created_at timestamptz(3) not null,
  started_at timestamptz(3),
  ended_at timestamptz(3),
  revision integer not null default 1
);
create index import_due on import (created_at) where state in ('checking', 'running');

create table import_row (
  import_id uuid not null references import,
  position integer not null,      -- the row's line of the file
  cells jsonb not null,           -- texts, in the order of the columns
  problem jsonb,                  -- { "field", "value", "message" }
  primary key (import_id, position)
);
create index import_row_problem on import_row (import_id, position) where problem is not null;

-- One ticket of the file: the rows that tell of it, and what became of them.
create table import_item (
  import_id uuid not null references import,
  key text not null,
  position integer not null,
  rows integer[] not null,
  done boolean not null default false,
  ticket_id uuid,
  problem jsonb,
  primary key (import_id, key)
);
create index import_item_waiting on import_item (import_id, position) where not done;

-- Whom and what the names of the file mean here: decided once an import, created where nobody is meant.
create table import_name (
  import_id uuid not null references import,
  kind text not null check (kind in ('person', 'team', 'service', 'item', 'category')),
  value text not null,
  id uuid,
  primary key (import_id, kind, value)
);

-- An outcome as another desk measured it: no policy or calendar of ours stands behind it, and nothing recomputes it.
alter table sla_clock
  add column if not exists imported boolean not null default false,
  alter column policy_version_id drop not null,
  alter column calendar_version_id drop not null,
  alter column target_ms drop not null,
  add constraint sla_clock_measured check (
    imported or (policy_version_id is not null and calendar_version_id is not null and target_ms is not null));
