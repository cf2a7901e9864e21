-- A mark that comes back to the instant at which it was told already, because a target went and came back, is told no more.
-- Those that were reached before this may be told once again.
alter table sla_mark add column told_due_at timestamptz(3);
