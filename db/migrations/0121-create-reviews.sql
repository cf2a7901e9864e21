-- What was learnt from a major incident once it was solved, and what is to be done about it. Texts that were replaced are
-- kept as wordings of the ticket.
create table review (
  ticket_id uuid primary key references major_incident,
  what_happened text not null default '',
  impact text not null default '',
  root_cause text not null default '',
  went_well text not null default '',
  went_badly text not null default '',
  revision integer not null default 1,
  started_by uuid references person,
  started_at timestamptz(3) not null,
  finished_by uuid references person,
  finished_at timestamptz(3)
);
create table review_action (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references review,
  title text not null,
  owner_id uuid not null references person,
  due_on date not null,
  due_at timestamptz(3) not null,  -- the end of that day where its owner was when it was set
  linked_id uuid references ticket, -- the problem or change that does it
  done_at timestamptz(3),
  done_by uuid references person,
  remind_at timestamptz(3),        -- when its owner is reminded next that it is overdue; null: done
  revision integer not null default 1,
  created_by uuid references person,
  created_at timestamptz(3) not null,
  check ((done_at is null) = (remind_at is not null))
);
create index review_action_of on review_action (ticket_id, created_at, id);
create index review_action_due on review_action (due_at, id);
create index review_action_remind on review_action (remind_at) where remind_at is not null;
