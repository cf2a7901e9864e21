-- What stands beside a ticket: what else is open on its service and its configuration item, and the change that
-- a system told of last.
create index ticket_open_service on ticket (service_id, priority) where state not in ('resolved', 'closed', 'cancelled');
create index ticket_open_ci on ticket (ci_id, priority)
  where ci_id is not null and state not in ('resolved', 'closed', 'cancelled');
create index event_change on event (integration_id, received_at desc) where kind = 'change';
