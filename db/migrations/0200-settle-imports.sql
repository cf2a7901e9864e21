-- An upload whose process died left its rows, for which nobody would ever ask, and a command that was interrupted began
-- anew beside what it had begun. So an import says until when whoever receives it is believed to be alive, and by which
-- command it is found again. And whom the account ids of its file mean, where other columns name them.
alter table import
  add column if not exists receiving_until timestamptz(3),
  add column if not exists resume_key text,
  add column if not exists accounts jsonb not null default '{}';
update import set receiving_until = created_at + interval '1 day' where cardinality(columns) = 0;
create index if not exists import_receiving on import (receiving_until) where receiving_until is not null;
create index if not exists import_unfinished on import (resume_key)
  where resume_key is not null and state in ('mapping', 'checking', 'checked', 'running');
