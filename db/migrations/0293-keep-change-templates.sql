-- A standard change after which others are planned: what is done again and again has a name in "New ticket".
create table change_template (
  ticket_id uuid primary key references ticket,
  name text not null,
  kept_by uuid references person,
  kept_at timestamptz(3) not null,
  archived_at timestamptz(3)
);
create unique index change_template_name on change_template (lower(name)) where archived_at is null;
