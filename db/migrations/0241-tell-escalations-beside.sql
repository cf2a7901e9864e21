-- An escalation that a clock or an automation asked for runs beside the ticket's own: what ends with a snooze or a window
-- begins the ticket's own anew, by its own policy, and a replay leaves the others out, for no rule decides them.
alter table escalation add beside boolean not null default false;
update escalation set beside = true where cause is not null;
