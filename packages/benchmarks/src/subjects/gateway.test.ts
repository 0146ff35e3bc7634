import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NODE_FLAGS } from './gateway.ts';

it('a gateway is measured as the start script runs it', () => {
  const { scripts } = JSON.parse(
    readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
  );
  expect(scripts.start).toMatch(new RegExp(`^node ${NODE_FLAGS.join(' ')} `));
});
