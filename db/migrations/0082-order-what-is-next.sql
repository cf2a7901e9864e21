-- Agents see what to begin next: by when the time left of a promise falls below what like tickets took, which does not
-- change as time passes and so can be an index. handling is what like tickets took, read from the record each hour;
-- next_at the instant itself, next_for the due time that it was computed for.
create table handling (
  id uuid primary key default uuidv7(),
  target text not null check (target in ('response', 'resolution')),
  kind text not null,
  -- null: of any priority, of any service.
  priority text,
  service_id uuid references service,
  n integer not null,
  median_ms bigint not null,
  -- Working time at 0, 5, 10 … 100 % of them.
  spread bigint[] not null,
  computed_at timestamptz(3) not null,
  unique nulls not distinct (target, kind, priority, service_id)
);
alter table ticket add column next_at timestamptz(3), add column next_for timestamptz(3);
create index ticket_next on ticket (next_at, id) where state not in ('resolved', 'closed', 'cancelled');
create index ticket_next_unknown on ticket (id)
  where state not in ('resolved', 'closed', 'cancelled') and next_for is distinct from due_at;
create index sla_clock_resolved on sla_clock (stopped_at) where target = 'resolution' and stopped_at is not null;
