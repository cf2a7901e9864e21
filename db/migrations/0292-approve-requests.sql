-- What employees ask for may need a yes before it is carried out: whose, the item of the catalogue says, or the desk asks.
alter table catalogue_item add column approvals jsonb not null default '[]'; -- [{ "rule", "people": [id] | "team_id" }], all of them

-- A request that needs approvals. Without a row none was ever asked for.
create table request_approval (
  ticket_id uuid primary key references ticket,
  needed_at timestamptz(3) not null,
  approved_at timestamptz(3)       -- cache: every approval that was asked for was given
);
