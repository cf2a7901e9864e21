-- Rules that act on tickets, as immutable versions; what each fired for, once, and what came of it.
create table automation_ruleset (
  version integer primary key check (version > 1),
  body jsonb not null,
  note text,
  author_id uuid references person,
  effective_from timestamptz(3) not null,
  created_at timestamptz(3) not null
);

create table automation_firing (
  id uuid primary key default uuidv7(),
  rule uuid not null,                -- the same over versions
  version integer not null,
  place integer not null,            -- among the rules of that version, from 1
  kind text not null check (kind in ('activity', 'sla', 'unchanged')),
  occasion text not null,            -- what it fired for: the line, or the ticket and since when it is unchanged
  ticket_id uuid not null references ticket,
  activity_id uuid,
  chain uuid[] not null default '{}', -- the rules whose effects led here, the first first
  matched jsonb not null,            -- what its condition looked at
  state text not null check (state in ('waiting', 'done', 'failed', 'cut')),
  reason text,                       -- why it was cut, or failed
  outcome jsonb not null default '[]', -- one for each action
  due_at timestamptz(3) not null,
  attempts integer not null default 0,
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  unique (rule, occasion)
);
create index automation_firing_due on automation_firing (id) where state = 'waiting';
create index automation_firing_order on automation_firing (ticket_id, id) where state = 'waiting';
create index automation_firing_log on automation_firing (rule, id);
create index automation_firing_state on automation_firing (state, id) where state in ('failed', 'cut');
create index automation_firing_ticket on automation_firing (ticket_id, rule, created_at);
create index automation_firing_lately on automation_firing (created_at);

-- Since when nobody but rules has changed a ticket; kept while a rule waits for that.
create table automation_quiet (
  ticket_id uuid primary key references ticket,
  since timestamptz(3) not null
);
create index automation_quiet_since on automation_quiet (since, ticket_id);

-- How far such a rule has come in the order of these.
create table automation_watch (
  rule uuid primary key,
  minutes integer not null,
  reached_at timestamptz(3) not null
);

-- Rules tried on the past before they act: which lines of a period they would have acted on. It writes only here.
create table automation_trial (
  id uuid primary key default uuidv7(),
  body jsonb not null,
  from_at timestamptz(3) not null,
  to_at timestamptz(3) not null,
  state text not null check (state in ('running', 'done')),
  reached_id uuid,                   -- the last line that was looked at
  total integer not null,            -- lines of the period
  done integer not null default 0,
  counts jsonb not null default '{}', -- by rule: { "fired", "cut" }
  author_id uuid references person,
  created_at timestamptz(3) not null,
  ended_at timestamptz(3),
  check (from_at < to_at)
);
create index automation_trial_running on automation_trial (created_at) where state = 'running';

-- As many as anybody reads; the counts above know of all.
create table automation_trial_hit (
  trial_id uuid not null references automation_trial on delete cascade,
  rule uuid not null,
  occasion text not null,
  place integer not null,
  ticket_id uuid not null references ticket,
  at timestamptz(3) not null,
  verb text not null,
  cut text,
  matched jsonb not null,
  primary key (trial_id, rule, occasion)
);
create index automation_trial_hit_order on automation_trial_hit (trial_id, at, occasion, rule);
