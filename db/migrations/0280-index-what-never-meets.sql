-- Asked at a million tickets for what never meets, these walked on to the end: alerts of a severity among those of a state,
-- lines of a verb about a kind of thing, lines of configuration of those who see a team's tickets alone, and each half minute
-- the forecasts whose outcome is still to come.
create index alert_standing on alert (status, severity, seen_at desc, id desc);
drop index alert_status_seen;

create index activity_said on activity (verb, subject_kind, id);
drop index activity_verb;
create index activity_configuration_said on activity (verb, subject_kind, id) where visibility = 'audit';
create index activity_configuration_of_ticket on activity (id) where visibility = 'audit' and ticket_id is not null;

create index forecast_waits on forecast (clock_id) where outcome is null;
