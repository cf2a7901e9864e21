-- Whoever can open a ticket for an address can make us write to it. People who never signed in nor wrote get one
-- automatic mail an hour, without a word that somebody else submitted (plain); what was not sent stays, with its reason.
alter table notice drop constraint notice_state_check;
alter table notice add constraint notice_state_check
  check (state in ('waiting', 'leased', 'sent', 'failed', 'cancelled', 'withheld'));
alter table notice add plain boolean not null default false;
create index notice_plain on notice (person_id, created_at) where plain;
