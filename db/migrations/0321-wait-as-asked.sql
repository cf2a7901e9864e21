-- A receiver that answers with Retry-After says when to come again; until then nothing more is sent there, whatever the
-- message: it speaks of itself, not of one of them.
alter table webhook add column wait_until timestamptz(3);
