-- Categories become a tree that administrators arrange. `path` holds the ids from the top down to the row itself: what
-- stands beneath a category is one array test, and a category beneath itself cannot be written. Those beneath move with
-- it. One change of the tree at a time: the lock is taken before anything is read.
alter table category
  add column path uuid[],
  add column team_id uuid references team,
  add column position integer not null default 0,
  add column revision integer not null default 1,
  add column created_at timestamptz(3) not null default tocsin_now();

with recursive tree as (
  select id, array[id] as path from category where parent_id is null
  union all select c.id, t.path || c.id from category c join tree t on t.id = c.parent_id
)
update category c set path = t.path from tree t where t.id = c.id;
alter table category
  alter column path set not null,
  add constraint category_path check (path[cardinality(path)] = id and cardinality(path) <= 6);

create function place_category() returns trigger language plpgsql as $$
declare
  above uuid[] := '{}';
begin
  perform pg_advisory_xact_lock(hashtext('category'));
  if new.parent_id is not null then
    select path into above from category where id = new.parent_id;
    if new.id = any(above) then
      raise exception 'a category beneath itself' using errcode = 'check_violation', constraint = 'category_path';
    end if;
  end if;
  new.path := above || new.id;
  return new;
end $$;
create trigger category_placed before insert or update of parent_id on category
  for each row execute function place_category();

create function carry_category() returns trigger language plpgsql as $$
begin
  update category set path = new.path || path[cardinality(old.path) + 1 :]
  where path @> array[new.id] and id <> new.id;
  return null;
end $$;
create trigger category_carried after update of parent_id on category
  for each row when (old.path is distinct from new.path) execute function carry_category();

create index ticket_category on ticket (category_id, created_at desc) where category_id is not null;
