-- Pages that reach one contact method at one moment go as one message. The bundle is fixed when it is first
-- leased, so that sending it again says the same under the same key; a single delivery is its own bundle.
alter table delivery add column bundle_id uuid;
create index delivery_bundle on delivery (bundle_id) where bundle_id is not null;

-- The same address twice would wake a person twice.
create unique index contact_method_once on contact_method (person_id, kind, address) where archived_at is null;
