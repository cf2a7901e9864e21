-- What came while no engine made the partition of its day rests in the default one, for good: a day there cannot be
-- dropped, so its rows are deleted, some thousands a transaction, under the same conditions. An index by time finds them;
-- it costs nothing while the default partitions are empty, as they should be.
create index receipt_rest_at on receipt_rest (received_at);
create index event_rest_at on event_rest (received_at);
create index decision_rest_at on decision_rest (at);
create index decided_receipt_rest_at on decided_receipt_rest (at);

-- The days of which rows rest there, found by hopping through the index.
create function resting_days(parent text) returns setof date
language plpgsql stable security definer set search_path = public as $$
declare
  instant text := case when parent in ('receipt', 'event') then 'received_at' else 'at' end;
  day date;
begin
  if parent not in ('receipt', 'event', 'decision', 'decided_receipt') then raise exception '% has no days', parent; end if;
  loop
    execute format('select (min(%1$I) at time zone ''UTC'')::date from public.%2$I
      where %1$I >= coalesce(($1 + 1)::timestamp at time zone ''UTC'', ''-infinity'')', instant, parent || '_rest') into day using day;
    exit when day is null;
    return next day;
  end loop;
end $$;

-- Deletes so many of that day at most, and says how many it found.
create function drop_resting(parent text, day date, most integer) returns integer
language plpgsql security definer set search_path = public as $$
declare
  instant text := case when parent in ('receipt', 'event') then 'received_at' else 'at' end;
  muted text := case when parent = 'event' then 'update maintenance m set suppressed_before = m.suppressed_before + k.count
    from (select reason ->> ''window'' as id, count(*) as count from gone where bucket = ''suppressed'' group by 1) k
    where m.id::text = k.id' else 'select' end;
  found integer;
begin
  if parent not in ('receipt', 'event', 'decision', 'decided_receipt')
     or day >= (tocsin_now() at time zone 'UTC')::date - 7 then
    raise exception 'the % of % must stay', parent, day;
  end if;
  execute format('with gone as (
      delete from public.%1$I where ctid = any (array(
        select ctid from public.%1$I where %2$I >= $1::timestamp at time zone ''UTC''
          and %2$I < ($1 + 1)::timestamp at time zone ''UTC'' limit $2 for update skip locked))
      returning *
    ), muted as (%3$s)
    select count(*) from gone', parent || '_rest', instant, muted) into found using day, most;
  return found;
end $$;
