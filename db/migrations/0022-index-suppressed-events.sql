-- How much each window and silence kept quiet. Few events are suppressed, so the index costs the door nothing.
create index event_suppressed on event ((reason ->> 'window')) where bucket = 'suppressed';
