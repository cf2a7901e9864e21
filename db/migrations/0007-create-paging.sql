-- Who must be told and answer (page), over what (contact_method), and each attempt (delivery).
-- A step and a delivery are due-time rows; the unique keys keep every decision single however many engines race.
create table contact_method (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  kind text not null check (kind in ('email', 'webhook', 'app')),
  address text not null default '',
  delay_ms bigint not null default 0 check (delay_ms >= 0),
  secret_encrypted bytea,
  verified_at timestamptz(3),
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now()
);
create index contact_method_person on contact_method (person_id);

create table escalation (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references ticket,
  cycle integer not null,
  policy_version_id uuid not null references escalation_policy_version,
  state text not null check (state in ('running', 'acknowledged', 'finished', 'stopped')),
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  unique (ticket_id, cycle)
);
create table escalation_step (
  escalation_id uuid not null references escalation,
  position integer not null,   -- counts on through repeats: round = position / steps
  due_at timestamptz(3) not null,
  decided_at timestamptz(3),
  outcome jsonb,
  primary key (escalation_id, position)
);
create index escalation_step_due on escalation_step (due_at) where decided_at is null;

create table page (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references ticket,
  cycle integer not null,
  step integer not null,
  recipient_id uuid not null references person,
  why jsonb not null,          -- path: policy version, step, schedule version, rotation, override
  state text not null check (state in ('open', 'acknowledged', 'ended')),
  created_at timestamptz(3) not null,
  acknowledged_at timestamptz(3),
  ended_at timestamptz(3),
  revision integer not null default 1,
  unique (ticket_id, cycle, step, recipient_id)
);
create index page_recipient on page (recipient_id, state, created_at desc);
create index page_created on page (created_at);

create table delivery (
  id uuid primary key default uuidv7(),  -- also the idempotency key that the receiver sees
  page_id uuid not null references page,
  contact_method_id uuid not null references contact_method,
  position integer not null,
  state text not null check (state in ('waiting', 'leased', 'sent', 'failed', 'cancelled')),
  due_at timestamptz(3) not null,
  lease_until timestamptz(3),
  attempts integer not null default 0,
  sent_at timestamptz(3),
  outcome jsonb,
  created_at timestamptz(3) not null,
  unique (page_id, contact_method_id, position)
);
create index delivery_due on delivery (due_at) where state = 'waiting';
create index delivery_lease on delivery (lease_until) where state = 'leased';

create table ack_token (
  hash bytea primary key,
  page_id uuid not null references page,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
create index ack_token_page on ack_token (page_id);

-- Mail that informs and needs no answer: to requesters, watchers, assignees. One per activity line and person.
create table notice (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  ticket_id uuid references ticket,
  activity_id uuid not null,
  template text not null,
  message_id uuid references message,
  state text not null check (state in ('waiting', 'leased', 'sent', 'failed', 'cancelled')),
  due_at timestamptz(3) not null,
  lease_until timestamptz(3),
  attempts integer not null default 0,
  sent_at timestamptz(3),
  outcome jsonb,
  created_at timestamptz(3) not null,
  unique (activity_id, person_id)
);
create index notice_due on notice (due_at) where state = 'waiting';
create index notice_lease on notice (lease_until) where state = 'leased';

-- Where mail goes when no SMTP_URL is set: read in the pages, never sent out.
create table local_mail (
  id uuid primary key default uuidv7(),
  at timestamptz(3) not null,
  message_id text not null unique,
  recipient text not null,
  person_id uuid references person,
  ticket_id uuid references ticket,
  subject text not null,
  body_text text not null,
  body_html text
);
create index local_mail_at on local_mail (at desc);
