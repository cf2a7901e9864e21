-- Who looks at a ticket just now, and who writes. A row is worth a minute, so it is not logged: after a crash of the database
-- everybody is there again with their next beat. A beat is told on the channel `presence` when it changes what others see.
create unlogged table presence (
  ticket_id uuid not null,
  person_id uuid not null,
  typing text check (typing in ('reply', 'note')),
  since timestamptz(3) not null,
  at timestamptz(3) not null,
  primary key (ticket_id, person_id)
);
