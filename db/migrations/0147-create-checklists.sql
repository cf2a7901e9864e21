-- What has to be done on a ticket, point by point: by hand, or from a template that its category or the catalogue's
-- item brings at its opening. A point that is taken away is kept, for the record names it.
create table checklist_template (
  id uuid primary key default uuidv7(),
  name text not null,
  points jsonb not null,                     -- [{ "text", "required" }]
  category_ids uuid[] not null default '{}', -- new tickets of these, and of what stands beneath them
  item_ids uuid[] not null default '{}',     -- and what is filed by these items of the catalogue
  archived_at timestamptz(3),
  created_at timestamptz(3) not null,
  revision integer not null default 1
);

create table checklist_item (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references ticket,
  template_id uuid references checklist_template,
  position integer not null,
  text text not null,
  required boolean not null default false, -- the ticket is not resolved before it is done
  done_at timestamptz(3),
  done_by uuid references person,
  removed_at timestamptz(3),
  author_id uuid references person,
  created_at timestamptz(3) not null,
  revision integer not null default 1
);
create index checklist_item_ticket on checklist_item (ticket_id, position) where removed_at is null;
