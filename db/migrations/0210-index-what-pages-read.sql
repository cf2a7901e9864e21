-- Read at a million tickets with all that stands beside them, these were walked whole: the lines of configuration and the
-- verbs of the record, people in their order, items by a part of their name, the change that a place saw last, approvals,
-- windows that are over, alerts that flap, open pages, what an import hands back, forecasts of what broke since.
create index activity_configuration on activity (id) where visibility = 'audit';
create index activity_verb on activity (verb, id);
create index person_by_name on person (name, id) where archived_at is null;
create index configuration_item_called on configuration_item using gin (name gin_trgm_ops);
create index ticket_change_service on ticket (service_id, created_at desc) where kind = 'change';
create index ticket_change_ci on ticket (ci_id, created_at desc) where kind = 'change' and ci_id is not null;
create index ticket_open_organisation on ticket (organisation_id) where state not in ('resolved', 'closed', 'cancelled');
create index approval_asked on approval (asked_at desc, id desc);
create index approval_open on approval (asked_at desc, id desc) where state = 'open';
create index maintenance_over on maintenance (least(until, coalesce(cancelled_at, until)) desc, id);
create index alert_flapping on alert (seen_at desc, id desc) where flapping;
create index page_open on page (created_at desc, id desc) where state = 'open';
create index import_item_problem on import_item (import_id) where problem is not null;
create index forecast_clock on forecast (clock_id);
drop index forecast_unscored;

-- A person is looked for as somebody types, by any part of a name: what is folded once is not folded again for each.
alter table person
  add column folded_name text not null generated always as (fold_text(name)) stored,
  add column known_as text not null generated always as (fold_text(name || ' ' || coalesce(email, ''))) stored;
create index person_folded on person (folded_name);
create index person_known on person using gin (known_as gin_trgm_ops);
