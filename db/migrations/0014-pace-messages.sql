-- One message a minute is the most that wakes a person over one contact method, however loud the storm. When it
-- was last told something, and about what, decides when it may be told more; `held` on a delivery says why it
-- waited. A method over which something failed for good is marked until something arrives there again.
alter table contact_method
  add told_at timestamptz(3),
  add told_early_at timestamptz(3),  -- when a service of which nothing was said yet went before its minute
  add failing_since timestamptz(3),
  add failing jsonb;
create table contact_told (
  contact_method_id uuid not null references contact_method,
  about text not null,               -- a service's id, or its name as the sender gave it, or nothing known
  at timestamptz(3) not null,
  primary key (contact_method_id, about)
);
alter table delivery
  add held jsonb,
  add bundle_place integer;          -- the order within a message, kept so that sending it again says the same
create index delivery_method on delivery (contact_method_id) where state in ('waiting', 'leased');
