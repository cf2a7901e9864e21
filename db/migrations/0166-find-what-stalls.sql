-- Open tickets that nobody has touched for longer than is usual for like tickets, or than their team allows; that wait
-- past the day until which they were to wait; that nobody is asked to look at. usual_quiet is how long like tickets go
-- untouched, read from the record; stalled what was found, kept while the ticket is as it was.
alter table ticket add column pending_until timestamptz(3);
alter table team add column stalled_after_hours integer check (stalled_after_hours between 1 and 8760);

create table usual_quiet (
  id uuid primary key default uuidv7(),
  kind text not null,
  waiting boolean not null,       -- pending, or in work
  priority text,                  -- null: of any
  n integer not null,
  usual_ms bigint not null,       -- nine of ten were never left for longer
  computed_at timestamptz(3) not null,
  unique nulls not distinct (kind, waiting, priority)
);

create table stalled (
  ticket_id uuid primary key references ticket,
  revision integer not null,
  code text not null check (code in ('nobody', 'overslept', 'untouched', 'waiting')),
  since timestamptz(3) not null,
  allowed_ms bigint,              -- null: not at all
  n integer,                      -- like tickets that this is read from; null: the team says so
  found_at timestamptz(3) not null
);
