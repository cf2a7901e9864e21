-- What will break its promise, with odds from what became of like tickets, and how well such odds have held.
-- breach_past: of like clocks that ended, how many were still open when so much of the target was used, and how many
-- broke; read from the record each hour. breach_odds: the clocks that are due soon, as last computed. forecast: the
-- odds that stood when half of a target was used, one row a clock and model, scored once its outcome is known.
create table breach_past (
  id uuid primary key default uuidv7(),
  target text not null check (target in ('response', 'resolution')),
  kind text not null,
  -- null: of any priority, of any team, of any service.
  priority text,
  team_id uuid references team,
  service_id uuid references service,
  broke integer not null,
  -- Still open at 0, 5, 10 … 95 % of the target.
  survived integer[] not null,
  computed_at timestamptz(3) not null,
  unique nulls not distinct (target, kind, priority, team_id, service_id)
);

create table breach_odds (
  clock_id uuid primary key references sla_clock,
  ticket_id uuid not null references ticket,
  due_at timestamptz(3) not null,
  used real not null,            -- share of the target, to the percent
  odds real,                     -- null: no like tickets
  groups jsonb not null,         -- the like tickets, from the widest group to the narrowest
  model smallint not null,
  computed_at timestamptz(3) not null
);
create index breach_odds_ticket on breach_odds (ticket_id);

create table forecast (
  model smallint not null,
  clock_id uuid not null references sla_clock,
  ticket_id uuid not null references ticket,
  target text not null,
  team_id uuid references team,
  made_at timestamptz(3) not null,
  odds real not null,
  groups jsonb not null,
  -- Computed afterwards, from no more than was known at made_at.
  back_test boolean not null default false,
  outcome text check (outcome in ('kept', 'broken', 'void')),
  scored_at timestamptz(3),
  primary key (model, clock_id)
);
create index forecast_made on forecast (made_at) include (model, target, team_id, odds, back_test, outcome);
create index forecast_unscored on forecast (clock_id) where outcome is null;

create index sla_clock_due on sla_clock (due_at) where stopped_at is null and breached_at is null;
create index sla_clock_broken on sla_clock (breached_at) where breached_at is not null;
create index sla_mark_half on sla_mark (reached_at) where percent = 50 and reached_at is not null;
-- What is open, counted from the index alone.
create index ticket_open_now on ticket (team_id, state, priority, created_at) include (confidential)
  where state not in ('resolved', 'closed', 'cancelled');
