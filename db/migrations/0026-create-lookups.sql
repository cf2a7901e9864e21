-- What is known beside monitoring: a look-up is a table that people upload. One column is matched to a field of an
-- event; the others become labels of it. A file is an immutable version, and the look-up points at the one in force.
create table lookup (
  id uuid primary key default uuidv7(),
  name text not null,
  -- host, resource, service, dedup_key or labels.<name>
  field text not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  archived_at timestamptz(3)
);
create unique index lookup_name on lookup (lower(name)) where archived_at is null;

create table lookup_version (
  lookup_id uuid not null references lookup,
  version integer not null,
  key_column text not null,
  -- Those that become labels, in the file's order.
  columns text[] not null,
  rows integer not null,
  author_id uuid references person,
  created_at timestamptz(3) not null,
  primary key (lookup_id, version)
);

create table lookup_row (
  lookup_id uuid not null,
  version integer not null,
  -- In lower case: a value matches without regard to case.
  value text not null,
  labels jsonb not null,
  primary key (lookup_id, version, value),
  foreign key (lookup_id, version) references lookup_version
);

-- The labels that look-ups added, each with the look-up's name: the rest are the sender's own.
alter table alert add column enriched jsonb not null default '{}';
