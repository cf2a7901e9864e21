-- Which columns a view shows, in their order, for everybody who has it; null: the usual ones.
alter table ticket_view add column columns text[] check (cardinality(columns) between 1 and 20);
