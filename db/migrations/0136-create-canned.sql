-- Words and deeds prepared for many tickets: canned replies, and macros that also change the ticket. One person's, one team's
-- or everybody's. A macro that was applied stands on the ticket's lines by its id, so it is archived and never deleted.
create table canned (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('reply', 'macro')),
  title text not null,
  body text not null default '',
  does jsonb check ((kind = 'macro') = (does is not null)),
  owner_id uuid references person,
  team_id uuid references team check (owner_id is null or team_id is null),
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  revision integer not null default 1
);
create index canned_title on canned (kind, lower(title), id);
