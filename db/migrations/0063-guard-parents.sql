-- A ticket is never, by way of others, its own parent, whoever links at once: one such change at a time, looked at once
-- those before it have committed. A new ticket has no children yet, so its parent needs no guard.
create function guard_parent() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('ticket_parent'));
  if exists (
    with recursive above as (
      select id, parent_id from ticket where id = new.parent_id
      union select t.id, t.parent_id from ticket t join above a on t.id = a.parent_id
    ) select from above where id = new.id
  ) then
    raise exception 'a ticket cannot be its own parent' using errcode = 'check_violation', constraint = 'ticket_parent_circle';
  end if;
  return new;
end $$;
create trigger ticket_parent_guarded before update of parent_id on ticket
  for each row when (new.parent_id is not null and new.parent_id is distinct from old.parent_id)
  execute function guard_parent();
