-- Sources that must give a sign of life. A ping writes nothing here: due_at is when to look next, and the look
-- reads the integration's last request. missed_at stands while the sign is missing.
create table heartbeat (
  integration_id uuid primary key references integration,
  interval_s integer not null check (interval_s between 10 and 2678400),
  grace_s integer not null default 0 check (grace_s between 0 and 604800),
  watched_from timestamptz(3) not null,
  due_at timestamptz(3) not null,
  missed_at timestamptz(3)
);
create index heartbeat_due on heartbeat (due_at) where missed_at is null;
create index heartbeat_missed on heartbeat (missed_at) where missed_at is not null;

-- While the machines' door was shut nobody could give a sign: waiting begins anew when it opens. One row.
create table door_watch (
  only_row boolean primary key default true check (only_row),
  open_since timestamptz(3) not null,
  seen_at timestamptz(3) not null
);
