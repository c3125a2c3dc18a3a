-- Grows with every change of a problem: what is kept in memory knows by it whether it is still true.
create table problem_revision (
  only_row boolean primary key default true check (only_row),
  revision bigint not null default 0
);

insert into problem_revision default values;

create function count_problem_change() returns trigger language plpgsql as $$
begin
  if not exists (select from changed) then
    return null;
  end if;
  update catalog.problem_revision set revision = revision + 1;
  return null;
end $$;

create trigger problem_added after insert on problem referencing new table as changed
  for each statement execute function catalog.count_problem_change();
create trigger problem_removed after delete on problem referencing old table as changed
  for each statement execute function catalog.count_problem_change();
