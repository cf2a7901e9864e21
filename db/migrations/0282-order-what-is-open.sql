-- Asked at a million tickets for the oldest that are open, a list walked through all that ever were; so it did for those
-- without a service, which are few, and by priority for a category that has nothing urgent.
create index ticket_open_created on ticket (created_at, id) where state not in ('resolved', 'closed', 'cancelled');
create index ticket_no_service on ticket (created_at desc, id desc) where service_id is null;
create index ticket_category_priority on ticket (category_id, priority, created_at, id) where category_id is not null;
