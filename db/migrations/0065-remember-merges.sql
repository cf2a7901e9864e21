-- A ticket that was merged into another, until somebody undoes it: whose story goes on where, and what it was before.
-- A merged ticket is merged once, and never by way of others into itself, whoever merges at once.
create table ticket_merge (
  id uuid primary key default uuidv7(),
  from_id uuid not null references ticket,
  into_id uuid not null references ticket,
  was jsonb not null,              -- state and instants, groups and watchers that it brought, whether the link stood
  merged_by uuid references person,
  merged_at timestamptz(3) not null,
  undone_at timestamptz(3),
  check (from_id <> into_id)
);
create unique index ticket_merge_from on ticket_merge (from_id) where undone_at is null;
create index ticket_merge_into on ticket_merge (into_id) where undone_at is null;

create function guard_merge() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('ticket_merge'));
  if exists (
    with recursive onward as (
      select new.into_id as id
      union select m.into_id from ticket_merge m join onward o on m.from_id = o.id where m.undone_at is null
    ) select from onward where id = new.from_id
  ) then
    raise exception 'a ticket cannot be merged into itself' using errcode = 'check_violation', constraint = 'ticket_merge_circle';
  end if;
  return new;
end $$;
create trigger ticket_merge_guarded before insert on ticket_merge for each row execute function guard_merge();
