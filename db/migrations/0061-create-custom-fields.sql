-- Questions that administrators add to tickets, of some kinds and some categories (with what stands beneath them).
-- A definition is never lost: every one that was in force is kept, and one not wanted any more is archived. Their
-- answers stand in ticket.fields, which can now be looked up by any of them.
create table custom_field (
  id uuid primary key default uuidv7(),
  key text not null unique check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  type text not null check (type in ('text', 'textarea', 'number', 'date', 'select', 'multiselect', 'checkbox')),
  question jsonb not null, -- { "label": {locale: text}, "help", "options", "required", "required_when", "visible_when" }
  kinds text[] not null,
  category_ids uuid[] not null default '{}', -- empty: tickets of any category, and of none
  asked boolean not null default false,      -- employees are asked it, and see it
  position integer not null default 0,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  revision integer not null default 1
);
create table custom_field_version (
  field_id uuid not null references custom_field,
  revision integer not null,
  definition jsonb not null,
  author_id uuid references person,
  created_at timestamptz(3) not null,
  primary key (field_id, revision)
);

create index ticket_fields on ticket using gin (fields jsonb_path_ops) where fields <> '{}';
