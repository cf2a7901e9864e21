-- Which severities open an incident by themselves: information never woke anybody for a reason, and
-- Prometheus' Watchdog fires for ever. What opens none still joins one that is open. Administrators decide.
alter table severity_mapping add opens boolean not null default true;
update severity_mapping set opens = false where severity in ('info', 'ok');

-- Rows live for milliseconds here: without frequent vacuum the queue's readers wade through dead ones.
alter table receipt_waiting set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 20000);
alter table tally set (fillfactor = 70);
alter table alert set (fillfactor = 80);
