-- What a problem and a change have of their own, beside the ticket that they are. Free text stands here and not on
-- the record, so that it can be erased.
create table problem (
  ticket_id uuid primary key references ticket,
  root_cause text,
  workaround text,
  known_error_at timestamptz(3),   -- since when it stands in the list of known errors
  published_at timestamptz(3),     -- since when its workaround is shown beside its incidents
  quiet_days integer check (quiet_days between 0 and 365)  -- null: the setting
);
create index problem_known_error on problem (known_error_at desc, ticket_id) where known_error_at is not null;

create table change_plan (
  ticket_id uuid primary key references ticket,
  type text not null default 'normal' check (type in ('standard', 'normal', 'emergency')),
  risk text check (risk in ('low', 'medium', 'high')),
  risk_answers jsonb,              -- { question: true | false }; null: chosen without
  risk_reason text,
  implementation_plan text,
  backout_plan text,
  test_plan text,
  planned_start timestamptz(3),
  planned_end timestamptz(3),
  service_ids uuid[] not null default '{}',  -- touched beside the ticket's own
  ci_ids uuid[] not null default '{}',
  quiet boolean not null default true,       -- keeps what it touches quiet while it is carried out
  approved_at timestamptz(3),      -- cache: every approval that was asked for was given
  implemented_at timestamptz(3),
  ended_at timestamptz(3),         -- of the implementation
  outcome text check (outcome in ('successful', 'with_issues', 'backed_out', 'failed')),
  check (planned_end > planned_start)
);
create index change_plan_span on change_plan (planned_start, planned_end) where planned_start is not null;

insert into problem (ticket_id) select id from ticket where kind = 'problem';
insert into change_plan (ticket_id) select id from ticket where kind = 'change';
