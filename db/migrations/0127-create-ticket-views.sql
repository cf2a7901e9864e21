-- A view is a question about tickets under a name. It is kept as what the list is asked, ids and keys, never as somebody
-- typed it: so it holds in every language, and when a team gets another name. Which of those that one sees stand in one's
-- queue, in what order, and with which it opens, is everybody's own.
create table ticket_view (
  id uuid primary key default uuidv7(),
  name text not null check (length(name) between 1 and 80),
  filter jsonb not null,
  sort text not null,
  owner_id uuid not null references person,
  shared_with text not null default 'nobody' check (shared_with in ('nobody', 'team', 'all')),
  team_id uuid references team,
  revision int not null default 1,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  check ((shared_with = 'team') = (team_id is not null))
);
create index ticket_view_owner on ticket_view (owner_id) where archived_at is null;
create index ticket_view_shared on ticket_view (shared_with, team_id) where archived_at is null and shared_with <> 'nobody';

create table ticket_view_place (
  person_id uuid not null references person,
  view_id uuid not null references ticket_view,
  -- Among those that stand in the queue; null: it only opens it.
  position int,
  opens boolean not null default false,
  primary key (person_id, view_id)
);
create unique index ticket_view_place_opens on ticket_view_place (person_id) where opens;
