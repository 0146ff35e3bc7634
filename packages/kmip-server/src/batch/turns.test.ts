import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('gives turns one after the other, in the order in which they were asked for', async () => {
  const turns = createTurns();
  const order: number[] = [];
  let isTaken = false;
  await Promise.all(
    [1, 2, 3, 4].map(async (number) => {
      const end = await turns.take('key');
      expect(isTaken).toBe(false);
      isTaken = true;
      await Promise.resolve();
      order.push(number);
      isTaken = false;
      end();
    }),
  );
  expect(order).toEqual([1, 2, 3, 4]);
});

it('lets those who want different things go at once', async () => {
  const turns = createTurns();
  await turns.take('one');
  const end = await turns.take('another');
  end();
  await turns.take('another');
});
