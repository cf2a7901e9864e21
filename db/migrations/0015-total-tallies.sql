-- An integration's account was the sum of its whole tally, which grows with every minute. Minutes that are over are
-- now merged into one row (slot -1) and added to a total in the same transaction, so an account is its totals and
-- the few rows that are not in them yet. A writer that comes late makes a row of its own, merged the next time.
create table tally_total (
  integration_id uuid not null,
  bucket text not null,
  count bigint not null,
  primary key (integration_id, bucket)
);
create index tally_open on tally (integration_id, minute) where slot >= 0;
