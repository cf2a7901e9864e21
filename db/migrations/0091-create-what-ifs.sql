-- A question to the past: how the promises of a period would have ended under other terms. It reads history and
-- writes only here; any engine takes up the next tickets where another left it.
create table sla_what_if (
  id uuid primary key default uuidv7(),
  policy_id uuid not null references sla_policy,
  terms jsonb not null,                 -- { "calendar_id", "targets" }: what is assumed of the policy
  opened_from timestamptz(3) not null,
  opened_to timestamptz(3) not null,
  state text not null check (state in ('running', 'done')),
  reached_at timestamptz(3),            -- where it has come to, in the order of opening
  reached_id uuid,
  total integer not null,
  done integer not null default 0,
  report jsonb not null default '{}',
  author_id uuid references person,
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  check (opened_from < opened_to)
);
create index sla_what_if_running on sla_what_if (created_at) where state = 'running';

-- Tickets that would have ended otherwise, as many as anybody reads.
create table sla_what_if_ticket (
  what_if_id uuid not null references sla_what_if on delete cascade,
  ticket_id uuid not null references ticket,
  target text not null,
  was text not null,
  becomes text not null,
  elapsed_ms bigint not null,
  target_ms bigint not null,
  primary key (what_if_id, ticket_id, target)
);
