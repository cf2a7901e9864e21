-- The clock that decides, the role that serves, and the extensions search needs.
-- Services connect as a login that is a member of tocsin_app; the owner migrates.
do $$ begin
  if not exists (select from pg_roles where rolname = 'tocsin_app') then create role tocsin_app nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Only tests insert here, as the owner; services may read it, so no replica can move time.
create table clock_offset (
  only_row boolean primary key default true check (only_row),
  shift interval not null
);

-- clock_timestamp, not now(): a transaction reads it after its locks, so instants rise with revisions.
create function tocsin_now() returns timestamptz(3) language sql volatile as
$$ select (clock_timestamp() + coalesce((select shift from clock_offset), interval '0'))::timestamptz(3) $$;

-- Accents and case never keep a person from a ticket. Marked immutable: the dictionary is fixed here.
create function fold_text(value text) returns text language sql immutable parallel safe as
$$ select lower(public.unaccent('public.unaccent', value)) $$;

create table setting (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz(3) not null default tocsin_now()
);

grant usage on schema public to tocsin_app;
alter default privileges in schema public grant select, insert, update, delete on tables to tocsin_app;
alter default privileges in schema public grant usage, select, update on sequences to tocsin_app;
grant select on clock_offset to tocsin_app;
grant select, insert, update, delete on setting to tocsin_app;
revoke insert, update, delete on clock_offset from tocsin_app;
