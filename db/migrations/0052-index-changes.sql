-- Which incidents followed a change on the items that it touches, and which windows are a change's own.
create index ticket_ci on ticket (ci_id, created_at desc) where ci_id is not null;
create index maintenance_change on maintenance (change_id) where change_id is not null;
