-- What an SLA policy may promise, and to whom: conditions beyond kind and service, what pauses, news for the
-- requester, a team's own time, whom a mark tells. A clock keeps why it was promised; a change of policies or
-- calendars is carried to open tickets by a row that any engine takes up where another left it.
create table people_group (
  id uuid primary key default uuidv7(),
  name text not null,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  revision integer not null default 1
);
create unique index people_group_name on people_group (lower(name)) where archived_at is null;
create table people_group_member (
  group_id uuid not null references people_group,
  person_id uuid not null references person,
  created_at timestamptz(3) not null default tocsin_now(),
  primary key (group_id, person_id)
);
create index people_group_member_person on people_group_member (person_id);

alter table sla_policy_version
  add conditions jsonb not null default '{}',        -- { "priorities", "group_ids", "category_ids", "organisation_ids" }; absent: any
  add pause_reasons text[],                          -- null: every pending reason
  add pause_states text[] not null default '{}',     -- states of work that pause beside pending
  add olas jsonb not null default '[]',              -- [{ "team_id", "calendar_id", "targets_ms": { "P1": 3600000 } }]
  add escalations jsonb not null default '[]';       -- [{ "target", "percent", "escalation_policy_id", "person_ids", "team_ids" }]

-- A clock's name within its ticket is its target; a team's own time is "ola:" and the team.
alter table sla_clock
  add team_id uuid references team,
  add why jsonb,
  add missed integer not null default 0,             -- ended periods of news that came late
  drop constraint sla_clock_target_check;
alter table sla_clock add constraint sla_clock_target_check check (
  target in ('response', 'resolution', 'update') or (team_id is not null and target = 'ola:' || team_id)) not valid;

-- A mark that asks for somebody. One for each instant that a mark came due at, whichever engine finds it.
create table sla_escalation (
  id uuid primary key default uuidv7(),
  clock_id uuid not null references sla_clock,
  percent integer not null,
  mark_due_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  decided_at timestamptz(3),
  outcome jsonb,
  unique (clock_id, percent, mark_due_at)
);
create index sla_escalation_due on sla_escalation (due_at) where decided_at is null;
alter table escalation add cause jsonb;

create table sla_recomputation (
  id uuid primary key default uuidv7(),
  cause jsonb not null,                              -- { "kind": "calendar"|"sla_policy"|"person", "id", "version" }
  author_id uuid references person,
  due_at timestamptz(3) not null,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  last_ticket_id uuid,                               -- where it has come to, in the order of ids
  total integer,
  done integer not null default 0,
  changed integer not null default 0,
  created_at timestamptz(3) not null default tocsin_now()
);
create index sla_recomputation_due on sla_recomputation (due_at) where finished_at is null;
create index sla_recomputation_recent on sla_recomputation (created_at desc);
create index ticket_open_ids on ticket (id) where state not in ('resolved', 'closed', 'cancelled');
