-- When a clock's target was set: a promise is not broken before it was made, also one that was made while the ticket
-- waited and whose time was used up by then. Null on clocks from before this was kept: their due instant alone decides.
alter table sla_clock add column set_at timestamptz(3);
