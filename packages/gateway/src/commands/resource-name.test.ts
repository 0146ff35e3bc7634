import { expect, it } from 'vitest';
import { resourceNameFrom } from './resource-name.ts';

it.each([
  ['vcenter', 'vcenter'],
  ['vcenter.berlin.example', 'vcenter-berlin-example'],
  ['  Zoë (2) ', 'Zo-2'],
  ['x'.repeat(50), 'x'.repeat(40)],
  [`${'a'.repeat(39)}.b`, 'a'.repeat(39)],
  ['x', undefined],
  ['日本', undefined],
  ['', undefined],
])('makes of %j the name %j', (text, name) => {
  expect(resourceNameFrom(text)).toBe(name);
});
