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
-- The rows of a ticket that is handed back are marked themselves: to find them by their tickets took a minute for some
-- thousand of them, each time that somebody looked.
update import_row r set problem = i.problem || jsonb_build_object('ticket', i.key)
from import_item i, unnest(i.rows) as told(position)
where i.problem is not null and r.import_id = i.import_id and r.position = told.position and r.problem is null;
