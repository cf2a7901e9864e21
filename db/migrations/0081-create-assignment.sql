-- Who of a team gets a ticket: what the team wants, what people can, when they are there. A look is a due-time row:
-- at that instant somebody should go through the team's queue. It is only ever inserted beside other work, never
-- updated, so opening a ticket waits for no sweep. assignment_wait says of a ticket why nobody got it.
create table skill (
  id uuid primary key default uuidv7(),
  name text not null,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now()
);
create unique index skill_name on skill (lower(name)) where archived_at is null;
create table person_skill (
  person_id uuid not null references person,
  skill_id uuid not null references skill,
  level integer not null check (level between 1 and 5),
  primary key (person_id, skill_id)
);
-- Tickets of a service, or of a category and those below it, need the skill at this level.
create table skill_need (
  id uuid primary key default uuidv7(),
  skill_id uuid not null references skill,
  service_id uuid references service,
  category_id uuid references category,
  level integer not null check (level between 1 and 5),
  unique nulls not distinct (skill_id, service_id, category_id),
  check ((service_id is null) <> (category_id is null))
);

create table team_assignment (
  team_id uuid primary key references team,
  mode text not null default 'off' check (mode in ('off', 'round_robin', 'least_loaded')),
  works_by text not null default 'always' check (works_by in ('always', 'calendar', 'schedule')),
  calendar_id uuid references calendar,
  schedule_id uuid references schedule,
  -- Open tickets that one person may hold; null: any number.
  cap integer check (cap between 1 and 1000),
  hand_back boolean not null default false,
  -- Where round-robin stands: whoever got the last one. This row is locked while tickets are handed out.
  last_person_id uuid references person,
  revision integer not null default 1
);
create table team_member (
  team_id uuid not null references team,
  person_id uuid not null references person,
  exempt boolean not null default false,
  cap integer check (cap between 1 and 1000),
  primary key (team_id, person_id)
);
-- When somebody works; null: the hours of the team.
alter table person add column calendar_id uuid references calendar;

create table absence (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  reason text,
  author_id uuid references person,
  cancelled_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  check (ends_at > starts_at)
);
create index absence_person on absence (person_id, ends_at) where cancelled_at is null;

create table assignment_look (
  id uuid primary key default uuidv7(),
  team_id uuid not null references team,
  due_at timestamptz(3) not null
);
create index assignment_look_due on assignment_look (due_at);
create index assignment_look_team on assignment_look (team_id);

create table assignment_wait (
  ticket_id uuid primary key references ticket,
  team_id uuid not null references team,
  why jsonb not null,
  since timestamptz(3) not null
);
create index assignment_wait_team on assignment_wait (team_id);

-- What somebody holds, asked each time a ticket is handed out: their ended ones are a hundred times as many.
create index ticket_in_hand on ticket (assignee_id) where assignee_id is not null and state not in ('resolved', 'closed', 'cancelled');
