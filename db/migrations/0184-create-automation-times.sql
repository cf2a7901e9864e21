-- Rules that act by the calendar: on a schedule, or some time before a date that tickets have. When a schedule comes
-- next, each time that it came and what was done then, and how far a rule has looked ahead of dates.
alter table automation_firing
  drop constraint automation_firing_kind_check,
  add constraint automation_firing_kind_check check (kind in ('activity', 'sla', 'unchanged', 'schedule', 'before'));

-- A row for each rule with a schedule that is on, kept in step when rules are published.
create table automation_schedule (
  rule uuid primary key,
  terms jsonb not null,              -- what it recurs by; other terms begin anew
  next_at timestamptz(3),            -- null: it comes no more
  attempts integer not null default 0 -- failed ones of the time that is due
);
create index automation_schedule_due on automation_schedule (next_at) where next_at is not null;

-- Each time that a schedule came, once. It goes through the open tickets by shares, whichever engine takes the next.
create table automation_occurrence (
  id uuid primary key default uuidv7(),
  rule uuid not null,                -- the same over versions
  version integer not null,
  place integer not null,            -- among the rules of that version, from 1
  at timestamptz(3) not null,        -- when it came by its schedule
  missed integer not null default 0, -- earlier times for which no engine was there; they are not made up for
  state text not null check (state in ('running', 'done', 'failed')),
  reason text,                       -- why it failed, or ended early
  reached_id uuid,                   -- the last ticket that was looked at
  looked integer not null default 0,
  acted integer not null default 0,
  capped boolean not null default false, -- there were more than it may act on at a time
  attempts integer not null default 0, -- failed ones since the last share
  opened_id uuid references ticket,  -- what it opened, where it opens a ticket
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  unique (rule, at)
);
create index automation_occurrence_running on automation_occurrence (id) where state = 'running';
create index automation_occurrence_log on automation_occurrence (rule, id);
create index automation_occurrence_old on automation_occurrence (created_at);

-- A row for each rule that is on and looks ahead of a date: up to when it has looked at what came near.
create table automation_reach (
  rule uuid primary key,
  terms jsonb not null,              -- which date, and how long before; other terms begin anew
  reached_at timestamptz(3) not null
);
-- Dates to come that it has looked at; one that moves is looked at again. Those that passed are forgotten.
create table automation_date (
  rule uuid not null,
  ticket_id uuid not null references ticket,
  at timestamptz(3) not null,
  primary key (rule, ticket_id)
);
create index automation_date_passed on automation_date (rule, at);

-- The other dates have an index already.
create index change_plan_ends on change_plan (planned_end) where planned_end is not null;
create index ticket_pending_until on ticket (pending_until) where pending_until is not null;
