import { expect, test } from 'vitest'
import { splitStatements } from './splitStatements.ts'

test.each([
  ['', []],
  [' ;; -- nothing;\n', []],
  ['select 1', ['select 1']],
  ['select 1;\nselect 2;\n', ['select 1', 'select 2']],
  ["select ';', 'it''s;'; select 2", ["select ';', 'it''s;'", 'select 2']],
  ['select ";" from "a;""b";', ['select ";" from "a;""b"']],
  ['-- one; two;\nselect 1; /* three;\n */ select 2', ['-- one; two;\nselect 1', '/* three;\n */ select 2']],
  ['do $$ begin perform 1; end; $$; select $a$;$$;$a$;', ['do $$ begin perform 1; end; $$', 'select $a$;$$;$a$']],
  ['select $1; select 2', ['select $1', 'select 2']],
  ['select 7/2 - -1;', ['select 7/2 - -1']],
])('%j has its statements', (script, statements) => {
  expect(splitStatements(script)).toEqual(statements)
})
