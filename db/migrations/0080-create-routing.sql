-- Which team a ticket goes to, by rules that people write: immutable versions like those of correlation, in a table of
-- their own because the previous version's code reads the newest row of `ruleset` as rules over alerts. ticket_route
-- keeps what the rules said of a ticket and by what, so that its page can say why it lies where it lies.
create table routing_ruleset (
  version integer primary key,
  body jsonb not null,
  note text,
  author_id uuid references person,
  effective_from timestamptz(3) not null,
  created_at timestamptz(3) not null default tocsin_now()
);

create table ticket_route (
  ticket_id uuid primary key references ticket,
  version integer not null,
  rule text not null,
  -- The rule's place in the list then, from 1.
  place integer not null,
  team_id uuid not null references team,
  -- What the condition looked at, codes only: { "service": "web" }.
  matched jsonb not null,
  -- [{ "skill_id", "level" }], asked for by the rule.
  needs jsonb not null default '[]',
  -- Whoever asked for the rules again; null: at its opening.
  author_id uuid references person,
  routed_at timestamptz(3) not null
);
create index ticket_route_rule on ticket_route (rule, routed_at);
