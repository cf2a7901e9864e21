-- People, who may exist without a sign-in, and what they may do. Credentials and sessions belong to
-- better-auth (auth_* tables, its own column names); teams, roles and keys are ours.
create table organisation (
  id uuid primary key default uuidv7(),
  name text not null,
  parent_id uuid references organisation,
  external_id text unique,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now()
);

create table auth_user (
  id text primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null default false,
  image text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create table auth_session (
  id text primary key,
  "expiresAt" timestamptz not null,
  token text not null unique,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth_user on delete cascade
);
create index auth_session_user on auth_session ("userId");
create table auth_account (
  id text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth_user on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null
);
create index auth_account_user on auth_account ("userId");
create table auth_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default now(),
  "updatedAt" timestamptz not null default now()
);
create index auth_verification_identifier on auth_verification (identifier);
create table auth_rate_limit (
  id text primary key,
  key text not null unique,
  count integer not null,
  "lastRequest" bigint not null
);

create table person (
  id uuid primary key default uuidv7(),
  name text not null,
  email text,
  locale text not null default 'en' check (locale in ('en', 'fr', 'it')),
  zone text not null default 'UTC',
  organisation_id uuid references organisation,
  auth_user_id text unique references auth_user on delete set null,
  external_id text unique,
  archived_at timestamptz(3),
  erased_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  revision integer not null default 1
);
create unique index person_email on person (lower(email));
create index person_search on person using gin (fold_text(name || ' ' || coalesce(email, '')) gin_trgm_ops);

create table team (
  id uuid primary key default uuidv7(),
  name text not null,
  email text,
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default tocsin_now(),
  revision integer not null default 1
);
create unique index team_name on team (lower(name)) where archived_at is null;

-- administrator stands alone; the others hold within a team. Every person is an employee.
create table role_grant (
  person_id uuid not null references person,
  role text not null check (role in ('agent', 'on_call', 'manager', 'administrator')),
  team_id uuid references team,
  created_at timestamptz(3) not null default tocsin_now(),
  unique nulls not distinct (person_id, role, team_id),
  check ((role = 'administrator') = (team_id is null))
);
create index role_grant_team on role_grant (team_id);

create table api_key (
  id uuid primary key default uuidv7(),
  name text not null,
  owner_id uuid not null references person,
  hash bytea not null unique,
  hint text not null,
  created_at timestamptz(3) not null default tocsin_now(),
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
);
create index api_key_owner on api_key (owner_id);

-- A creation repeated under the same key answers what the first one answered.
create table idempotency (
  actor_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  request_hash bytea not null,
  status integer,
  response jsonb,
  created_at timestamptz(3) not null default tocsin_now(),
  primary key (actor_id, key)
);
create index idempotency_created on idempotency (created_at);
