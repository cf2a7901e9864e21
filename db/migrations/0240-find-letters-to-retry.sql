-- Dead letters that nobody has sent round again yet are listed, and sent round all at once: found without going through
-- those that were. The second index finds the letter that a retry came of.
create index dead_letter_unretried on dead_letter (integration_id, id) where retried_at is null;
create index dead_letter_retried_receipt on dead_letter (retried_receipt_id) where retried_receipt_id is not null;
