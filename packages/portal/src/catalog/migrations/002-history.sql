-- Why somebody did it, in their own words.
alter table entity_version add column reason text;

-- What was, for questions about the past. Rows come in only when a state ends, so reading files for the first time pays nothing.
create index entity_past_uid on entity_version (uid) where valid_to is not null;
create index relation_past_source on relation (source_ref, type, target_ref) where valid_to is not null;
create index relation_past_target on relation (target_ref, type, source_ref) where valid_to is not null;

-- How far each webhook of the configuration has been told of changes.
create table webhook (
  -- A hash of its URL, which may hold a secret.
  id text primary key,
  -- The replica that delivers, and until when it may without saying so again.
  claimed_by text,
  claimed_until timestamptz,
  -- Every change up to this revision was delivered, or was none that it wants.
  revision bigint not null,
  delivered_at timestamptz,
  failures int not null default 0,
  error text,
  failed_at timestamptz,
  next_try_at timestamptz
);
