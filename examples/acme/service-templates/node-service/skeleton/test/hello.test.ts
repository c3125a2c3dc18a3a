import { expect, test } from 'vitest';
import { hello } from '../src/hello.js';

test('says hello', () => {
  expect(hello()).toEqual({ hello: 'from ${{ values.name }}' });
});
