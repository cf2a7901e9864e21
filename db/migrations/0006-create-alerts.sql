-- The machines' door and the alerts behind it. receipt and event are partitioned by day, no foreign key
-- points into event, and retention drops partitions. receipt_waiting is the queue between the door and the
-- worker: an integration is one queue, worked under its own advisory lock, so order per key holds.
create table integration (
  id uuid primary key default uuidv7(),
  system text not null,
  name text not null,
  service_id uuid references service,
  team_id uuid references team,
  escalation_policy_id uuid references escalation_policy,
  settings jsonb not null default '{}',
  secret_encrypted bytea,      -- HMAC secret of senders that sign, under TOCSIN_SECRET
  last_received_at timestamptz(3),
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  revision integer not null default 1
);
create table integration_key (
  id uuid primary key default uuidv7(),
  integration_id uuid not null references integration,
  hash bytea not null unique,
  hint text not null,
  created_at timestamptz(3) not null default tocsin_now(),
  expires_at timestamptz(3),
  revoked_at timestamptz(3)
);
create index integration_key_integration on integration_key (integration_id);

create table receipt (
  id uuid not null default uuidv7(),
  received_at timestamptz(3) not null default tocsin_now(),
  integration_id uuid not null,
  outcome text not null check (outcome in ('accepted', 'rejected')),
  answer_status smallint not null,
  reason text,
  content_type text,
  headers jsonb not null default '{}',
  body bytea not null,
  event_count integer not null default 0,
  primary key (id, received_at)
) partition by range (received_at);
create table receipt_rest partition of receipt default;
create index receipt_integration on receipt (integration_id, id);

create table receipt_waiting (
  seq bigint generated always as identity primary key,
  integration_id uuid not null,
  receipt_id uuid not null,
  received_at timestamptz(3) not null,
  event_count integer not null,
  events jsonb not null        -- the adapter's events, in order, dead letters among them
);
create index receipt_waiting_integration on receipt_waiting (integration_id, seq);

create table event (
  id uuid not null default uuidv7(),
  received_at timestamptz(3) not null,
  receipt_id uuid not null,
  position integer not null,
  integration_id uuid not null,
  alert_id uuid,
  dedup_key text,
  kind text not null,          -- trigger, resolve, acknowledge, note, change, ping, test, unreadable
  severity text,
  severity_raw text,
  title text,
  starts_at timestamptz(3),
  ends_at timestamptz(3),
  bucket text not null check (bucket in ('opened', 'joined', 'repeated', 'suppressed', 'held', 'resolved', 'acknowledged', 'recorded', 'ignored', 'dead-letter')),
  reason jsonb,
  decided_at timestamptz(3) not null,
  primary key (id, received_at)
) partition by range (received_at);
create table event_rest partition of event default;
create index event_receipt on event (receipt_id, position);
create index event_alert on event (alert_id, id) where alert_id is not null;
create index event_dead on event (integration_id, id) where bucket = 'dead-letter';

create table dead_letter (
  id uuid primary key default uuidv7(),
  event_id uuid not null,
  receipt_id uuid not null,
  received_at timestamptz(3) not null,
  integration_id uuid not null references integration,
  position integer not null,
  element text not null,
  reason text not null,
  retried_at timestamptz(3),
  retried_receipt_id uuid
);
create index dead_letter_integration on dead_letter (integration_id, id);

-- Outcomes per minute. bucket 'received' counts events at the door, 'rejected' counts refused requests;
-- slot spreads concurrent writers over rows, so that no commit waits for another's count.
create table tally (
  integration_id uuid not null,
  minute timestamptz(3) not null,
  bucket text not null,
  slot smallint not null default 0,
  count bigint not null,
  primary key (integration_id, minute, bucket, slot)
);

create table alert (
  id uuid primary key default uuidv7(),
  integration_id uuid not null references integration,
  dedup_key text not null check (length(dedup_key) <= 255),
  status text not null check (status in ('firing', 'acknowledged', 'suppressed', 'resolved')),
  severity text not null check (severity in ('critical', 'error', 'warning', 'info', 'ok')),
  severity_raw text,
  title text not null,
  resource text,
  service text,                -- as the sender named it
  host text,
  service_id uuid references service,
  ci_id uuid references configuration_item,
  group_key text not null,
  labels jsonb not null default '{}',
  annotations jsonb not null default '{}',
  link text,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3),
  episode integer not null default 1,
  count bigint not null default 1,
  first_event_at timestamptz(3) not null,
  last_event_at timestamptz(3) not null,
  acknowledged_at timestamptz(3),
  acknowledged_by uuid references person,
  ticket_id uuid references ticket,
  updated_at timestamptz(3) not null,
  revision integer not null default 1,
  unique (integration_id, dedup_key)
);
create index alert_status on alert (status, last_event_at desc);
create index alert_ticket on alert (ticket_id) where ticket_id is not null;
create index alert_last on alert (last_event_at desc, id desc);
create index alert_search on alert using gin (fold_text(title || ' ' || coalesce(resource, '') || ' ' || coalesce(host, '') || ' ' || coalesce(service, '')) gin_trgm_ops);

-- Why an alert stands in a ticket: one link an episode, with its evidence.
create table alert_link (
  id uuid primary key default uuidv7(),
  alert_id uuid not null references alert,
  episode integer not null,
  ticket_id uuid not null references ticket,
  how text not null check (how in ('opened', 'joined', 'by-hand')),
  rule text not null,
  rule_version integer not null,
  evidence jsonb not null,
  linked_at timestamptz(3) not null,
  detached_at timestamptz(3),
  unique (alert_id, episode, ticket_id)
);
create index alert_link_ticket on alert_link (ticket_id);

-- The open incident of a group. The primary key, not a check before a write, keeps it single.
create table correlation_group (
  rule text not null,
  group_key text not null,
  ticket_id uuid not null references ticket,
  opened_at timestamptz(3) not null,
  primary key (rule, group_key)
);
create index correlation_group_ticket on correlation_group (ticket_id);

-- A due-time row: every alert of the incident has recovered; the hold runs until due_at.
create table recovery (
  ticket_id uuid primary key references ticket,
  due_at timestamptz(3) not null,
  alert_id uuid references alert,
  created_at timestamptz(3) not null
);
create index recovery_due on recovery (due_at);

select ensure_partitions(3);
revoke all on receipt_rest, event_rest from tocsin_app;
revoke update, delete, truncate on event from tocsin_app;
revoke delete, truncate on receipt from tocsin_app;
