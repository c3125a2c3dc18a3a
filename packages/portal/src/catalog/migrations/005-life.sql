-- Who reads a source now, until when without saying so again, and through which session of the database.
alter table source add column reading_by text;
alter table source add column reading_until timestamptz;
alter table source add column reading_session int;
-- Grows whenever a reading is taken in or asked for anew: what was read before it is out of date.
alter table source add column edition bigint not null default 0;
-- How long the last reading took.
alter table source add column duration_ms int;
