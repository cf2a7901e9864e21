-- Organisations are kept by people: who saves over somebody else's change is told. A recomputation may be about some
-- open tickets only: those of people who came into a group or moved, or of what was moved in a tree.
alter table organisation add revision integer not null default 1;
alter table sla_recomputation
  add about jsonb;   -- null: every open ticket; else { "requester_ids", "moved_from" } | { "organisation_ids" } | { "category_ids" }
create index person_organisation on person (organisation_id) where organisation_id is not null and archived_at is null;
