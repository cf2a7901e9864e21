-- What people outside the desk are told of a declared major incident, in words of their own and never in the ticket's. The
-- text is a public reply of the ticket; the rest of an update stands beside it. It reaches those chosen on the incident,
-- whoever follows it from the portal, its requester and watchers, and those who asked for its open parts.
create table major_update (
  message_id uuid primary key references message,
  ticket_id uuid not null references major_incident,
  title text not null,
  affected text not null,
  next_at timestamptz(3),      -- when the next one is promised
  created_at timestamptz(3) not null
);
create index major_update_last on major_update (ticket_id, created_at desc, message_id desc);

create table major_stakeholder (
  ticket_id uuid not null references major_incident,
  person_id uuid references person,
  team_id uuid references team,
  check (num_nonnulls(person_id, team_id) = 1),
  unique nulls not distinct (ticket_id, person_id, team_id)
);
create table major_follower (
  ticket_id uuid not null references major_incident,
  person_id uuid not null references person,
  since timestamptz(3) not null,
  primary key (ticket_id, person_id)
);

-- The promise of the next update, and what its lead and team are to be reminded of next, and when.
alter table major_incident
  add update_every_minutes integer check (update_every_minutes between 5 and 1440),
  add next_update_at timestamptz(3),
  add remind text check (remind in ('due', 'overdue')),
  add remind_at timestamptz(3),
  add check ((remind is null) = (remind_at is null));
create index major_incident_remind on major_incident (remind_at) where remind_at is not null;
