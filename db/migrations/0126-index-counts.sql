-- For the counts of the views every open ticket was asked for its clocks, and read to see whether somebody has it. What
-- has broken, and what nobody has, are few: each has its index.
create index sla_clock_breached on sla_clock (ticket_id)
  where target in ('response', 'resolution') and breached_at is not null;
create index ticket_unassigned on ticket (priority, created_at, id)
  where assignee_id is null and state not in ('resolved', 'closed', 'cancelled');
