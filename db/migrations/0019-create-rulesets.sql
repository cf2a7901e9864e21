-- Correlation by rules that people write: a rule set is an immutable version, so every decision can be replayed by
-- the version then in force. correlated_ticket keeps what correlation opened, on what and when: the map, the storm
-- guard and recovery ask it. A proposal is a ticket that waits for a person's word.
create table ruleset (
  version integer primary key,
  body jsonb not null,
  note text,
  author_id uuid references person,
  effective_from timestamptz(3) not null,
  created_at timestamptz(3) not null default tocsin_now()
);

create table correlated_ticket (
  ticket_id uuid primary key references ticket,
  rule text not null,
  rule_version integer not null,
  integration_id uuid not null,
  -- What it is about: the configuration item, else the service.
  node_id uuid,
  service_id uuid,
  resolve_on text not null default 'all' check (resolve_on in ('first', 'last', 'all', 'never')),
  storm boolean not null default false,
  opened_at timestamptz(3) not null
);
create index correlated_ticket_node on correlated_ticket (node_id, opened_at) where node_id is not null;
create index correlated_ticket_integration on correlated_ticket (integration_id, opened_at);

alter table correlation_group add column last_at timestamptz(3);
update correlation_group set last_at = opened_at;

create table proposal (
  id uuid primary key default uuidv7(),
  alert_id uuid not null references alert,
  episode integer not null,
  rule text not null,
  rule_version integer not null,
  evidence jsonb not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'declined', 'lapsed')),
  ticket_id uuid references ticket,
  decided_by uuid references person,
  decided_at timestamptz(3),
  created_at timestamptz(3) not null,
  unique (alert_id, episode)
);
create index proposal_open on proposal (created_at) where state = 'open';

-- How often people disagreed with a rule is read from its links.
create index alert_link_rule on alert_link (rule, linked_at);
alter table alert_link add column detached_by uuid references person, add column detached_why text;
