-- Odds are computed anew only when they may be others: when a hundredth more of the target is used (next_at), when the clock
-- or the ticket that they were computed from has changed, or when the past was read anew. Before, all that was due within a
-- day was computed each half minute, and mostly came out as it stood.
alter table breach_odds
  add column clock_version integer not null default 0,
  add column priority text,
  add column team_id uuid,
  add column service_id uuid,
  add column next_at timestamptz(3) not null default '-infinity';
