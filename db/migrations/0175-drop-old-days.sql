-- What arrived is kept for as many days as administrators say (settings keep_…), and goes a whole day at a time: to
-- drop a partition takes a moment, to delete its rows hours. Services own no tables, so this drops for them, and
-- refuses what is younger than any setting may say. A lock that is not to be had at once is left for another time:
-- whoever writes into the table waits behind it.
alter table maintenance add column suppressed_before bigint not null default 0; -- among events that are no longer kept

create function drop_day(parent text, day date) returns boolean
language plpgsql security definer set search_path = public set lock_timeout = '250ms' as $$
declare
  name text := parent || '_' || to_char(day, 'YYYY_MM_DD');
begin
  if parent not in ('receipt', 'event', 'decision', 'decided_receipt')
     or day >= (tocsin_now() at time zone 'UTC')::date - 7 then
    raise exception 'the % of % must stay', parent, day;
  end if;
  if to_regclass('public.' || name) is null then return false; end if;
  if parent = 'event' then
    execute format('update maintenance m set suppressed_before = m.suppressed_before + k.count
      from (select reason ->> ''window'' as id, count(*) as count from public.%I where bucket = ''suppressed'' group by 1) k
      where m.id::text = k.id', name);
  end if;
  execute format('drop table public.%I', name);
  return true;
end $$;
