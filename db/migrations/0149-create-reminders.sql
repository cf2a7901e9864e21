-- What somebody wants to be reminded of: a ticket, at a time, when its requester answers, or when it has not changed by
-- then. A due-time row: whichever engine comes first reminds, and none twice.
create table reminder (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  ticket_id uuid not null references ticket,
  kind text not null check (kind in ('time', 'answer', 'unchanged')),
  due_at timestamptz(3),               -- null: when the requester answers
  note text not null default '',
  seen_revision integer not null,      -- of the ticket: what it must not have changed since
  state text not null default 'waiting' check (state in ('waiting', 'fired', 'done', 'lapsed')),
  lapsed_for text check (lapsed_for in ('changed', 'unseen')),
  fired_at timestamptz(3),
  created_at timestamptz(3) not null,
  revision integer not null default 1,
  check (kind = 'answer' or due_at is not null)
);
create index reminder_due on reminder (due_at) where state = 'waiting' and due_at is not null;
create index reminder_answer on reminder (ticket_id) where state = 'waiting' and due_at is null;
create index reminder_person on reminder (person_id, state, due_at);
