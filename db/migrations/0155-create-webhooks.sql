-- Outgoing webhooks: what happens to tickets is posted to addresses of others, signed, in the order of each ticket,
-- at least once. A message is written once with the bytes that leave; whatever came of each sending stands beside it.
create table webhook (
  id uuid primary key default uuidv7(),
  name text not null,
  url text not null,
  secret_encrypted bytea not null,
  old_secret_encrypted bytea,                -- signs beside the new one until its time is over
  old_secret_until timestamptz(3),
  verbs text[] not null default '{}',        -- empty, here and below: any
  kinds text[] not null default '{}',
  team_ids uuid[] not null default '{}',
  condition text not null default '',        -- CEL over the ticket as it stood, and the line
  notes boolean not null default false,      -- internal notes leave too
  confidential boolean not null default false,
  state text not null default 'on' check (state in ('on', 'off', 'stopped')),
  failed_in_a_row integer not null default 0, -- messages given up since one arrived
  stopped_at timestamptz(3),                  -- by the desk itself, because nothing arrived
  from_place bigint not null,                 -- lines of the feed after this one
  author_id uuid references person,
  revision integer not null default 1,
  created_at timestamptz(3) not null,
  archived_at timestamptz(3)
);

create table webhook_delivery (
  id uuid primary key default uuidv7(),
  webhook_id uuid not null references webhook,
  activity_id uuid,                           -- null: a test, or a rule that calls
  ticket_id uuid references ticket,
  place bigint not null,                      -- the order in which a ticket's messages leave
  type text not null,
  body text not null,                         -- exactly the bytes that are signed
  state text not null check (state in ('waiting', 'leased', 'delivered', 'failed')),
  due_at timestamptz(3) not null,
  lease_until timestamptz(3),
  attempts integer not null default 0,        -- since it was last put in the queue
  reason text,                                -- why it failed
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  unique (webhook_id, activity_id)
);
create index webhook_delivery_due on webhook_delivery (webhook_id, due_at, place) where state = 'waiting';
create index webhook_delivery_lease on webhook_delivery (webhook_id, lease_until) where state = 'leased';
create index webhook_delivery_order on webhook_delivery (webhook_id, ticket_id, place, id) where state in ('waiting', 'leased');
create index webhook_delivery_log on webhook_delivery (webhook_id, id);
create index webhook_delivery_failed on webhook_delivery (webhook_id, id) where state = 'failed';
create index webhook_delivery_ticket on webhook_delivery (ticket_id) where ticket_id is not null;
create index webhook_delivery_age on webhook_delivery (created_at);

create table webhook_attempt (
  delivery_id uuid not null references webhook_delivery on delete cascade,
  at timestamptz(3) not null,
  ok boolean not null,
  status integer,                             -- of the answer, where there was one
  reason text,
  duration_ms integer not null,
  answer text not null default '',            -- its beginning
  primary key (delivery_id, at)
);
