-- A major incident is proposed by a person, or by the desk itself, and declared or rejected by a person: one row for each
-- incident that was ever proposed, so that what was rejected is not proposed by the desk again. The words beside a
-- decision are a note of the ticket.
create table major_incident (
  ticket_id uuid primary key references ticket,
  state text not null check (state in ('candidate', 'declared', 'rejected')),
  lead_id uuid references person,
  proposed_at timestamptz(3) not null,
  proposed_by uuid references person,  -- null: the desk itself
  why jsonb,                           -- of the desk: { rule, priority, parts, at_least }
  decided_at timestamptz(3),
  decided_by uuid references person,
  check ((state = 'declared') = (lead_id is not null)),
  check ((state = 'candidate') = (decided_at is null))
);
create index major_incident_standing on major_incident (state, ticket_id) where state <> 'rejected';
-- What is open below another ticket: few among a million.
create index ticket_open_part on ticket (parent_id)
  where parent_id is not null and state not in ('resolved', 'closed', 'cancelled');
