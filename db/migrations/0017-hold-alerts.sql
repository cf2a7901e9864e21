-- An alert may fire and still ask for no ticket: held back by its terms, by a person, by maintenance. due_at is
-- the due-time row of all that time alone can change about it: the end of a hold or snooze, calm, expiry.
alter table alert
  add column held text check (held in ('maintenance', 'snoozed', 'flapping', 'threshold', 'hold', 'proposed')),
  add column held_until timestamptz(3),
  add column held_window uuid,
  add column snoozed_until timestamptz(3),
  add column flapping boolean not null default false,
  add column due_at timestamptz(3),
  add column restraint jsonb not null default '{}';
create index alert_due on alert (due_at) where due_at is not null;
