-- What users consume, what it runs on, when people work, what is promised, who is on call.
-- Calendars, SLA policies, schedules and escalation policies are immutable versions with an effective-from,
-- so any past decision can be replayed with the versions then in force.
create table calendar (
  id uuid primary key default uuidv7(),
  name text not null unique,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now()
);
create table calendar_version (
  id uuid primary key default uuidv7(),
  calendar_id uuid not null references calendar,
  version integer not null,
  effective_from timestamptz(3) not null,
  zone text not null,
  weekly jsonb not null,   -- [{ "day": 1..7 (Monday = 1), "from": "09:00", "to": "17:30" }]; [] with always = true is 24x7
  holidays jsonb not null default '[]', -- [{ "date": "2026-12-25", "name": "Christmas" }]
  always boolean not null default false,
  author_id uuid references person,
  created_at timestamptz(3) not null default tocsin_now(),
  unique (calendar_id, version)
);

create table sla_policy (
  id uuid primary key default uuidv7(),
  name text not null unique,
  position integer not null default 0,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now()
);
create table sla_policy_version (
  id uuid primary key default uuidv7(),
  policy_id uuid not null references sla_policy,
  version integer not null,
  effective_from timestamptz(3) not null,
  kinds text[] not null,
  service_ids uuid[] not null default '{}', -- empty: every service
  calendar_id uuid not null references calendar,
  targets jsonb not null,  -- { "P1": { "response_ms": 900000, "resolution_ms": 14400000, "calendar_id": null }, … }
  author_id uuid references person,
  created_at timestamptz(3) not null default tocsin_now(),
  unique (policy_id, version)
);

create table schedule (
  id uuid primary key default uuidv7(),
  name text not null,
  team_id uuid not null references team,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now()
);
create table schedule_version (
  id uuid primary key default uuidv7(),
  schedule_id uuid not null references schedule,
  version integer not null,
  effective_from timestamptz(3) not null,
  zone text not null,
  rotations jsonb not null, -- [{ "name", "every": "day"|"week", "length": 1, "starts_on": "2026-01-05", "handoff": "09:00", "people": [uuid] }]
  author_id uuid references person,
  created_at timestamptz(3) not null default tocsin_now(),
  unique (schedule_id, version)
);
create table schedule_override (
  id uuid primary key default uuidv7(),
  schedule_id uuid not null references schedule,
  person_id uuid not null references person,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  reason text,
  author_id uuid references person,
  cancelled_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  check (ends_at > starts_at)
);
create index schedule_override_span on schedule_override (schedule_id, ends_at);

create table escalation_policy (
  id uuid primary key default uuidv7(),
  name text not null,
  team_id uuid references team,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now()
);
create table escalation_policy_version (
  id uuid primary key default uuidv7(),
  policy_id uuid not null references escalation_policy,
  version integer not null,
  effective_from timestamptz(3) not null,
  steps jsonb not null,    -- [{ "wait_ms": 0, "targets": [{ "kind": "schedule"|"person"|"team", "id": uuid }] }]
  repeats integer not null default 0 check (repeats between 0 and 9),
  author_id uuid references person,
  created_at timestamptz(3) not null default tocsin_now(),
  unique (policy_id, version)
);

create table service (
  id uuid primary key default uuidv7(),
  key text not null unique check (key ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  name jsonb not null,     -- { locale: text }
  team_id uuid references team,
  escalation_policy_id uuid references escalation_policy,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  revision integer not null default 1
);
create table service_dependency (
  service_id uuid not null references service,
  depends_on_id uuid not null references service,
  primary key (service_id, depends_on_id),
  check (service_id <> depends_on_id)
);
create table configuration_item (
  id uuid primary key default uuidv7(),
  name text not null unique,
  kind text not null,
  service_id uuid references service,
  attributes jsonb not null default '{}',
  external_id text unique,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now()
);
create index configuration_item_service on configuration_item (service_id);
create table ci_dependency (
  ci_id uuid not null references configuration_item,
  depends_on_id uuid not null references configuration_item,
  primary key (ci_id, depends_on_id),
  check (ci_id <> depends_on_id)
);

create table brand (
  id uuid primary key default uuidv7(),
  name text not null,
  sender text,
  language text not null default 'en',
  calendar_id uuid references calendar,
  created_at timestamptz(3) not null default tocsin_now()
);
create table category (
  id uuid primary key default uuidv7(),
  key text not null unique,
  name jsonb not null,
  parent_id uuid references category,
  archived_at timestamptz(3)
);
-- What an employee can ask for: the form, and where it goes.
create table catalogue_item (
  id uuid primary key default uuidv7(),
  key text not null unique,
  kind text not null check (kind in ('incident', 'request')),
  name jsonb not null,
  description jsonb not null default '{}',
  fields jsonb not null default '[]', -- [{ "key", "label": {locale: text}, "help", "type": "text"|"textarea"|"select"|"date"|"checkbox", "required", "options" }]
  service_id uuid references service,
  team_id uuid references team,
  category_id uuid references category,
  impact text not null default 'low' check (impact in ('high', 'medium', 'low')),
  urgency text not null default 'medium' check (urgency in ('high', 'medium', 'low')),
  position integer not null default 0,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  revision integer not null default 1
);

-- impact x urgency -> priority, and severity -> impact and urgency: tables that administrators see and edit.
create table priority_matrix (
  impact text not null check (impact in ('high', 'medium', 'low')),
  urgency text not null check (urgency in ('high', 'medium', 'low')),
  priority text not null check (priority in ('P1', 'P2', 'P3', 'P4', 'P5')),
  primary key (impact, urgency)
);
insert into priority_matrix values
  ('high', 'high', 'P1'), ('high', 'medium', 'P2'), ('high', 'low', 'P3'),
  ('medium', 'high', 'P2'), ('medium', 'medium', 'P3'), ('medium', 'low', 'P4'),
  ('low', 'high', 'P3'), ('low', 'medium', 'P4'), ('low', 'low', 'P5');
create table severity_mapping (
  severity text primary key check (severity in ('critical', 'error', 'warning', 'info', 'ok')),
  impact text not null check (impact in ('high', 'medium', 'low')),
  urgency text not null check (urgency in ('high', 'medium', 'low'))
);
insert into severity_mapping values
  ('critical', 'high', 'high'), ('error', 'medium', 'high'), ('warning', 'medium', 'medium'),
  ('info', 'low', 'low'), ('ok', 'low', 'low');
