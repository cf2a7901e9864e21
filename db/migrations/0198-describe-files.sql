-- What a file shows when it is read: its encoding, what divides it, whether it has a header, how it writes its dates.
-- A person is looked for by a name that only one bears: without an index each name of a file read all people.
alter table import add column if not exists form jsonb not null
  default '{"encoding":"utf-8","delimiter":",","header":true,"dates":[]}';
create index if not exists person_called on person (lower(name)) where archived_at is null;
