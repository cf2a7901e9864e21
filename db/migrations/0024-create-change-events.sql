-- What was changed in a service, as deployments and configuration tools tell it: never an alert, read beside them.
-- Its event is kept in event like any other; here it stands by service, as long as people look back.
create table change_event (
  id uuid primary key default uuidv7(),
  integration_id uuid not null references integration,
  service_id uuid references service,
  receipt_id uuid not null,
  at timestamptz(3) not null,
  title text not null,
  source text,
  link text,
  labels jsonb not null default '{}'
);
create index change_event_service on change_event (service_id, at desc, id desc) where service_id is not null;
