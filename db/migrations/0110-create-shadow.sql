-- A whole integration can run without paging. Its events are decided as ever; what its tickets would have paged is
-- kept here instead of in page, so nothing that sends, counts or answers pages need know of it.
alter table integration add column shadow_since timestamptz(3), add column shadow_by uuid references person;

create table shadow_ticket (
  ticket_id uuid primary key references ticket,
  integration_id uuid not null references integration,
  since timestamptz(3) not null,
  left_at timestamptz(3)       -- an alert of an integration that pages joined it
);
create index shadow_ticket_integration on shadow_ticket (integration_id, since);

create table shadow_page (
  id uuid primary key default uuidv7(),
  ticket_id uuid not null references shadow_ticket,
  integration_id uuid not null references integration,
  cycle integer not null,
  step integer not null,
  recipient_id uuid not null references person,
  why jsonb not null,          -- as page.why
  at timestamptz(3) not null,
  at_night boolean not null,   -- 22 to 8 o'clock, where the recipient was then
  unique (ticket_id, cycle, step, recipient_id)
);
create index shadow_page_integration on shadow_page (integration_id, at, id);

-- One report a day of the reporting zone, told to whoever switched the shadow on.
create table shadow_report (
  integration_id uuid not null references integration,
  day date not null,
  due_at timestamptz(3) not null,
  person_id uuid references person,
  told_at timestamptz(3),
  primary key (integration_id, day)
);
create index shadow_report_due on shadow_report (due_at) where told_at is null;
