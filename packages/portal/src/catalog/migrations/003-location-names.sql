-- The `<type>:<target>` of the first registration, after which the Location entity is named; null while that is its own.
alter table location add column named_after text;

create unique index location_name on location ((coalesce(named_after, type || ':' || target)));
