-- The ticket: one model for four kinds. ticket_state is the history that SLA truth is computed from;
-- sla_clock is a cache of it. Nothing here is deleted.
create sequence ticket_incident_seq;
create sequence ticket_request_seq;
create sequence ticket_problem_seq;
create sequence ticket_change_seq;

create table ticket (
  id uuid primary key default uuidv7(),
  number text not null unique,
  kind text not null check (kind in ('incident', 'request', 'problem', 'change')),
  state text not null,
  pending_reason text,
  title text not null,
  description text not null default '',
  impact text not null check (impact in ('high', 'medium', 'low')),
  urgency text not null check (urgency in ('high', 'medium', 'low')),
  priority text not null check (priority in ('P1', 'P2', 'P3', 'P4', 'P5')),
  service_id uuid references service,
  ci_id uuid references configuration_item,
  category_id uuid references category,
  symptom_key text,
  location text,
  parent_id uuid references ticket,
  language text not null default 'en',
  confidential boolean not null default false,
  fields jsonb not null default '{}',
  catalogue_item_id uuid references catalogue_item,
  requester_id uuid references person,
  reporter_id uuid references person,
  channel text not null check (channel in ('monitoring', 'portal', 'desk', 'email', 'api', 'import')),
  source text,
  external_id text,
  organisation_id uuid references organisation,
  brand_id uuid references brand,
  team_id uuid references team,
  assignee_id uuid references person,
  resolution_code text,
  created_at timestamptz(3) not null,
  acknowledged_at timestamptz(3),
  first_response_at timestamptz(3),
  resolved_at timestamptz(3),
  closed_at timestamptz(3),
  updated_at timestamptz(3) not null,
  due_at timestamptz(3),         -- cache: the soonest running target, null when none runs
  reopen_count integer not null default 0,
  revision integer not null default 1,
  search tsvector not null default ''::tsvector,
  unique (source, external_id)
);
create index ticket_created on ticket (created_at desc, id desc);
create index ticket_updated on ticket (updated_at desc, id desc);
create index ticket_open on ticket (priority, created_at, id) where state not in ('resolved', 'closed', 'cancelled');
create index ticket_open_due on ticket (due_at, id) where state not in ('resolved', 'closed', 'cancelled');
create index ticket_open_team on ticket (team_id, priority, created_at, id) where state not in ('resolved', 'closed', 'cancelled');
create index ticket_team on ticket (team_id, created_at desc, id desc);
create index ticket_assignee on ticket (assignee_id, created_at desc) where assignee_id is not null;
create index ticket_requester on ticket (requester_id, created_at desc) where requester_id is not null;
create index ticket_service on ticket (service_id, created_at desc) where service_id is not null;
create index ticket_symptom on ticket (service_id, symptom_key, created_at desc) where symptom_key is not null;
create index ticket_resolved on ticket (resolved_at) where state = 'resolved';
create index ticket_parent on ticket (parent_id) where parent_id is not null;
create index ticket_search on ticket using gin (search);

create table ticket_state (
  ticket_id uuid not null references ticket,
  revision integer not null,
  at timestamptz(3) not null,
  state text not null,
  pending_reason text,
  priority text not null,
  service_id uuid,
  team_id uuid,
  assignee_id uuid,
  primary key (ticket_id, revision)
);

-- Free text that changed: activity lines point here, and erasure empties it.
create table wording (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references ticket,
  field text not null,
  body text not null,
  erased_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now()
);
create index wording_ticket on wording (ticket_id);

create table message (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references ticket,
  author_id uuid references person,
  kind text not null check (kind in ('reply', 'note')),
  from_requester boolean not null default false,
  body text not null,
  channel text not null default 'desk',
  created_at timestamptz(3) not null,
  erased_at timestamptz(3)
);
create index message_ticket on message (ticket_id, created_at, id);

create table attachment (
  id uuid primary key default uuidv7(),
  ticket_id uuid references ticket,
  message_id uuid references message,
  uploader_id uuid references person,
  name text not null,
  content_type text not null,
  size bigint not null,
  sha256 bytea not null,
  visibility text not null default 'public' check (visibility in ('public', 'internal')),
  created_at timestamptz(3) not null,
  erased_at timestamptz(3)
);
create index attachment_ticket on attachment (ticket_id);
create table attachment_chunk (
  attachment_id uuid not null references attachment on delete cascade,
  position integer not null,
  data bytea not null,
  primary key (attachment_id, position)
);

create table ticket_link (
  from_id uuid not null references ticket,
  to_id uuid not null references ticket,
  kind text not null check (kind in ('duplicates', 'caused_by', 'blocks', 'recurs', 'relates')),
  author_id uuid references person,
  created_at timestamptz(3) not null,
  removed_at timestamptz(3),
  primary key (from_id, to_id, kind),
  check (from_id <> to_id)
);
create index ticket_link_to on ticket_link (to_id);
create table watcher (
  ticket_id uuid not null references ticket,
  person_id uuid not null references person,
  created_at timestamptz(3) not null default tocsin_now(),
  primary key (ticket_id, person_id)
);

create table sla_clock (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references ticket,
  target text not null check (target in ('response', 'resolution')),
  policy_version_id uuid not null references sla_policy_version,
  calendar_version_id uuid not null references calendar_version,
  target_ms bigint not null,
  state text not null check (state in ('running', 'paused', 'met', 'breached', 'cancelled')),
  elapsed_ms bigint not null default 0,
  counted_at timestamptz(3) not null,  -- elapsed_ms is true at this instant
  due_at timestamptz(3),               -- null while paused or stopped
  started_at timestamptz(3) not null,
  stopped_at timestamptz(3),
  breached_at timestamptz(3),          -- a recorded breach is never taken back
  version integer not null default 1,
  unique (ticket_id, target)
);
-- Due-time rows: the marks of a running clock, swept by whichever engine comes first.
create table sla_mark (
  clock_id uuid not null references sla_clock,
  percent integer not null check (percent in (50, 75, 90, 100)),
  due_at timestamptz(3),
  reached_at timestamptz(3),
  primary key (clock_id, percent)
);
create index sla_mark_due on sla_mark (due_at) where reached_at is null and due_at is not null;
