-- What feeds the catalog: a location (which declares a Location entity), a file or URL with documents, or a plugin.
create table source (
  id bigint generated always as identity primary key,
  key text not null unique,
  type text not null,
  target text not null,
  origin text not null,
  -- Refs of the Location entities that lead here; empty for roots.
  parents text[] not null default '{}',
  -- Nothing there is no problem.
  optional boolean not null default false,
  -- The input as it was last taken in: of an unchanged one nothing else is looked at.
  hash text,
  etag text,
  last_modified text,
  -- Hashes of what its placeholders read, by location.
  dependencies jsonb not null default '{}',
  read_at timestamptz,
  next_read_at timestamptz,
  failures int not null default 0
);

create index source_due on source (next_read_at) where next_read_at is not null;

-- What each source says exists. One of them holds the ref; others wait until it lets go.
create table contribution (
  source_id bigint not null references source on delete cascade,
  ref text collate "C" not null,
  holds boolean not null,
  primary key (source_id, ref)
);

create index contribution_ref on contribution (ref);

-- Every state of every entity; the current one has no valid_to. A removal is a row that is valid at no time.
create table entity_version (
  id bigint generated always as identity primary key,
  ref text collate "C" not null,
  uid uuid not null,
  version int not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  -- In lower case: what is filtered and sorted by most.
  kind text collate "C" not null,
  namespace text collate "C" not null,
  name text collate "C" not null,
  title text collate "C",
  type text collate "C",
  lifecycle text collate "C",
  -- As they were written, for facets.
  kind_text text not null,
  type_text text,
  lifecycle_text text,
  -- A number for every key and every key=value that can be asked for.
  terms bigint[] not null,
  etag text not null,
  cause text not null,
  actor text not null,
  source_id bigint,
  location text
);

create unique index entity_current on entity_version (ref) where valid_to is null;
create index entity_history on entity_version (ref, version);
create index entity_uid on entity_version (uid) where valid_to is null;
create index entity_by_kind on entity_version (kind, name, ref) where valid_to is null;
create index entity_facets on entity_version (kind_text, type_text) where valid_to is null;
create index entity_by_name on entity_version (name, ref) where valid_to is null;
-- New rows go to a list first, which is merged into the index a megabyte at a time: six times faster than one by one.
create index entity_terms on entity_version using gin (terms) with (fastupdate = on, gin_pending_list_limit = 1024) where valid_to is null;

-- Apart from its version, so that counting and sorting read narrow rows.
create table entity_body (
  version_id bigint primary key references entity_version on delete cascade,
  -- The JSON that is sent, without relations and status.
  body text not null,
  -- Values as they were written, by search path.
  fields jsonb not null,
  -- Name, title, description and tags in lower case.
  words text not null
);

alter table entity_body alter column body set storage external;

-- Each edge once, in the direction of its stored name. emitted_by_target: the target's document named it.
create table relation (
  id bigint generated always as identity primary key,
  source_ref text collate "C" not null,
  type text collate "C" not null,
  target_ref text collate "C" not null,
  emitted_by_target boolean not null,
  valid_from timestamptz not null,
  valid_to timestamptz
);

create index relation_source on relation (source_ref, type, target_ref) where valid_to is null;
create index relation_target on relation (target_ref, type, source_ref) where valid_to is null;

create table problem (
  id bigint generated always as identity primary key,
  source_id bigint not null references source on delete cascade,
  ref text collate "C",
  code text not null,
  level text not null,
  message text not null,
  hint text not null,
  location text not null,
  line int,
  col int,
  at timestamptz not null
);

create index problem_ref on problem (ref) where ref is not null;
create index problem_source on problem (source_id);

-- Locations that people registered.
create table location (
  id uuid primary key,
  type text not null,
  target text not null,
  created_at timestamptz not null default now(),
  actor text not null,
  unique (type, target)
);
