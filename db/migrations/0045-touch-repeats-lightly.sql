-- A repeat changes an alert's count and its last instant alone, and an index over that instant made each of them a
-- new entry in every index, the search among them: most of what a repeat cost. Lists sort by seen_at instead, which
-- is written with everything else that changes, and for mere repeats once a minute. Half of each page is left for
-- new versions of its rows.
alter table alert add column seen_at timestamptz(3);
update alert set seen_at = last_event_at;
alter table alert alter column seen_at set default tocsin_now(), alter column seen_at set not null;
alter table alert set (fillfactor = 50);
create index alert_seen on alert (seen_at desc, id desc);
create index alert_status_seen on alert (status, seen_at desc);
drop index alert_last;
drop index alert_status;
