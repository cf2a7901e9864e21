-- Statuses of one's own: finer words for a state of the lifecycle, by kind. Everything that decides or counts reads the
-- state; the key over (id, kind, state) is what a ticket points at, so that a status which is not of the ticket's kind and
-- present state cannot be written, whoever writes it. A status keeps its kind and state for good.
create table ticket_status (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('incident', 'request', 'problem', 'change')),
  key text not null,
  name jsonb not null,
  state text not null,
  pending_reason text check (pending_reason is null or state = 'pending'),
  position integer not null default 0,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  revision integer not null default 1,
  unique (kind, key),
  unique (id, kind, state)
);

alter table ticket add column status_id uuid;
-- There is none yet: nothing to read through.
alter table ticket add constraint ticket_status_fits
  foreign key (status_id, kind, state) references ticket_status (id, kind, state) not valid;
alter table ticket_state add column status_id uuid;
create index ticket_status_created on ticket (status_id, created_at desc, id desc) where status_id is not null;
