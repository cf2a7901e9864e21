-- Tickets that opened a moment ago on something of the service map: what failed with it may have opened its own before,
-- or at the same time. A due-time row, taken by whichever engine looks first; one look, so that what people part stays
-- parted.
create table gathering (
  ticket_id uuid primary key references ticket,
  due_at timestamptz(3) not null
);
create index gathering_due on gathering (due_at);
