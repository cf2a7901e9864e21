-- At a million tickets some lists were read whole: sorted by priority or by due time with the ended ones among
-- them (0.9 s), narrowed to a rare kind, state or channel (3.5 s), behind a point of a chart (2 to 8 s), and by
-- people who see only what is theirs (3 s). The facets are few, so their index is a hundredth of the table.
create index ticket_priority on ticket (priority, created_at, id);
create index ticket_due on ticket (due_at, id);
create index ticket_facets on ticket (kind, state, priority, channel);
create index ticket_reporter on ticket (reporter_id) where reporter_id is not null;
create index ticket_resolved_at on ticket (resolved_at) where resolved_at is not null;
create index ticket_acknowledged_at on ticket (acknowledged_at) where acknowledged_at is not null;
create index sla_clock_responded on sla_clock (stopped_at) where target = 'response' and stopped_at is not null;
create index watcher_person on watcher (person_id);
