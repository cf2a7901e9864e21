-- Messages that became a ticket of their own, until somebody undoes it. They stand in the new ticket; the lines of the
-- old that told of them point there.
create table ticket_split (
  id uuid primary key default uuidv7(),
  from_id uuid not null references ticket,
  into_id uuid not null unique references ticket,
  message_ids uuid[] not null,
  split_by uuid references person,
  split_at timestamptz(3) not null,
  undone_at timestamptz(3),
  check (from_id <> into_id)
);
create index ticket_split_from on ticket_split (from_id);
