-- One row an entry of time spent, whose ticket's team, service and priority are its own; one that was taken away stays,
-- marked, for it may have been copied before.
create table if not exists work_fact (
  id UUID,
  ticket_id UUID,
  minutes UInt32,
  at DateTime64(3, 'UTC'),
  created_at DateTime64(3, 'UTC'),
  removed Bool,
  team_id Nullable(UUID),
  service_id Nullable(UUID),
  category_id Nullable(UUID),
  priority LowCardinality(String),
  kind LowCardinality(String),
  read_at_place UInt64
) engine = ReplacingMergeTree(read_at_place) partition by toYear(created_at) order by (created_at, id);

-- What was spent before is copied by filling the store anew.
truncate table copied;
