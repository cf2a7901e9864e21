-- Time that people spent on tickets, as they say or as a clock of theirs measured. A person's clock runs on one ticket
-- at a time; stopped, it is an entry. An entry that is taken away is kept, for the record names it.
create table work_entry (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references ticket,
  person_id uuid not null references person,
  minutes integer not null check (minutes between 1 and 1440),
  what text not null default '',
  at timestamptz(3) not null,      -- when the work ended
  removed_at timestamptz(3),
  created_at timestamptz(3) not null,
  revision integer not null default 1
);
create index work_entry_ticket on work_entry (ticket_id, at) where removed_at is null;
create index work_entry_at on work_entry (at, id) where removed_at is null;
create index work_entry_person on work_entry (person_id, at) where removed_at is null;

create table work_clock (
  person_id uuid primary key references person,
  ticket_id uuid not null references ticket,
  started_at timestamptz(3) not null
);
