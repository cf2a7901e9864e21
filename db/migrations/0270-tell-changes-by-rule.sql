-- A rule makes a change event of an alert: one that outlasts its hold has no request that told of it just then.
alter table change_event alter column receipt_id drop not null;
