-- What somebody has begun to write on a ticket, box by box: theirs alone, in any browser, until they send or discard it.
-- It is no change of the ticket, so no line tells of it. The version is another with each saving: whoever writes on from
-- an older one, in a second window, is told instead of overwriting.
create table draft (
  person_id uuid not null references person,
  ticket_id uuid not null references ticket,
  box text not null check (box in ('reply', 'note', 'solution')),
  body text not null,
  version uuid not null default uuidv7(),
  kept_at timestamptz(3) not null,
  primary key (person_id, ticket_id, box)
);
