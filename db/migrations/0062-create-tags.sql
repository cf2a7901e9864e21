-- Free words on tickets. A tag is a row of its own, so that another name is one row changed, and the record's lines point to
-- it by its id; one that was merged keeps its name, which stands for what it became. Both ways have their index: what a
-- ticket has, and which tickets have a tag.
create table tag (
  id uuid primary key default uuidv7(),
  name text not null unique,
  merged_into_id uuid references tag,
  created_at timestamptz(3) not null default tocsin_now(),
  check (merged_into_id <> id)
);
create table ticket_tag (
  ticket_id uuid not null references ticket,
  tag_id uuid not null references tag,
  created_at timestamptz(3) not null default tocsin_now(),
  primary key (ticket_id, tag_id)
);
create index ticket_tag_tag on ticket_tag (tag_id, ticket_id);
