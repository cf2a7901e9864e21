-- Who must say yes before a change happens. An approval asks people, all of them or any of them; what they said stays,
-- and what is asked for anew is another approval.
create table approval (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references ticket,
  rule text not null check (rule in ('any', 'all')),
  team_id uuid references team,         -- where its managers were asked
  state text not null default 'open' check (state in ('open', 'approved', 'rejected', 'withdrawn')),
  asked_by uuid references person,
  asked_at timestamptz(3) not null,
  decided_at timestamptz(3)
);
create index approval_ticket on approval (ticket_id, asked_at);
create table approver (
  approval_id uuid not null references approval,
  person_id uuid not null references person,
  decision text check (decision in ('approved', 'rejected')),
  comment text,
  decided_at timestamptz(3),
  primary key (approval_id, person_id)
);
create index approver_person on approver (person_id, approval_id);
