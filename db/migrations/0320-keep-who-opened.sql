-- A ticket that a rule opened is that rule's effect as long as it lives: what time alone does to it later (a schedule, a
-- date, a mark, that nobody changes it) is decided with the rules that led to it, or a rule would feed itself by the clock.
create table automation_opened (
  ticket_id uuid primary key references ticket,
  chain uuid[] not null -- the rules that led to it, the first first
);
