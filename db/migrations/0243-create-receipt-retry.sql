-- A refused request can be read again after a fix, once: here stands that it was, and which receipt came of it. The
-- request itself lies in a day's partition that goes with its day, so nothing points there; ids of receipts are never used twice.
create table receipt_retry (
  receipt_id uuid primary key,
  integration_id uuid not null references integration,
  at timestamptz(3) not null,
  retried_receipt_id uuid not null
);
