import { expect, it } from 'vitest';
import { anEvent } from './delivery.fixtures.ts';
import { compileFilter } from './event-filter.ts';

it.each([
  ['hs-crypto.kmip-key.create', 'hs-crypto.kmip-key.create', true],
  ['hs-crypto.kmip-key.create', 'hs-crypto.kmip-key.*', true],
  ['hs-crypto.kmip-key.create', '*', true],
  ['hs-crypto.kmip-key.create', '*.create', true],
  ['hs-crypto.kmip-key.create', 'hs-*.kmip-*.create', true],
  ['hs-crypto.kmip-key.create', 'hs-crypto.kmip-key', false],
  ['hs-crypto.kmip-key.create', '*.destroy', false],
  ['hs-crypto.kmip-key.create', 'hs*kmip*kmip*create', false],
  ['aba', 'ab*ba', false],
  ['abba', 'ab*ba', true],
  ['axb', 'a.b', false],
  ['ab', 'a**b', true],
])('action %s against %s: %s', (action, pattern, passes) => {
  expect(compileFilter({ actions: [pattern] })(anEvent(1, { action }))).toBe(passes);
});

it('a pattern of many stars is decided in linear time', () => {
  const matches = compileFilter({ actions: [`${'*a'.repeat(2_000)}*b`] });
  expect(matches(anEvent(1, { action: 'a'.repeat(50_000) }))).toBe(false);
});

it('an event has to fit every list that is given', () => {
  const passes = compileFilter({
    actions: ['hs-crypto.*'],
    severities: ['warning', 'critical'],
    outcomes: ['failure'],
  });
  expect(passes(anEvent(1, { severity: 'critical', outcome: 'failure' }))).toBe(true);
  expect(passes(anEvent(1, { severity: 'critical' }))).toBe(false);
  expect(passes(anEvent(1, { outcome: 'failure' }))).toBe(false);
  expect(passes(anEvent(1, { action: 'x', severity: 'critical', outcome: 'failure' }))).toBe(false);
});

it('without lists everything passes, with an empty list nothing', () => {
  expect(compileFilter()(anEvent(1))).toBe(true);
  expect(compileFilter({ outcomes: [] })(anEvent(1))).toBe(false);
});
