import { expect, it } from 'vitest';
import { createMigrationLog } from './migration-log.ts';

it('tells of the beginning, of the end, and every five seconds between', () => {
  let now = 0;
  const told: unknown[] = [];
  const onMigration = createMigrationLog({ info: (facts: object) => told.push(facts) }, () => now);
  for (let done = 500; done <= 10_000; done += 500) {
    onMigration({ name: 'object-facts', done, total: 10_000 });
    now += 1_000;
  }
  const at = (done: number) => ({ migration: 'object-facts', done, total: 10_000 });
  expect(told).toEqual([at(500), at(3_000), at(5_500), at(8_000), at(10_000)]);
});
