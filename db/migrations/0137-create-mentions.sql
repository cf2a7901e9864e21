-- Whom a message names, by id: a name may change, or be another's too. Somebody who could not read the message is kept as
-- named and not told, so that whoever reads it sees why they do not answer.
create table mention (
  message_id uuid not null references message,
  person_id uuid not null references person,
  told boolean not null,
  primary key (message_id, person_id)
);
