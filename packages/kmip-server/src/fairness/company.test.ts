import { describe, expect, it } from 'vitest';
import { createCompany } from './company.ts';

function start() {
  let now = 0;
  const company = createCompany(100, () => now);
  return {
    company,
    see(key: string, at: number) {
      now = at;
      company.see(key);
    },
    at(time: number) {
      now = time;
      return company;
    },
  };
}

describe('company', () => {
  it('is nobody at first, nor oneself however often', () => {
    const { see, at } = start();
    expect(at(0).hasOthers('a')).toBe(false);
    for (let time = 0; time < 5; time++) see('a', time);
    expect(at(5).hasOthers('a')).toBe(false);
    expect(at(5).hasOthers('b')).toBe(true);
  });

  it('is whoever came within the time, and goes with it', () => {
    const { see, at } = start();
    see('b', 0);
    see('a', 90);
    expect(at(100).hasOthers('a')).toBe(true);
    expect(at(101).hasOthers('a')).toBe(false);
    expect(at(190).hasOthers('b')).toBe(true);
    expect(at(191).hasOthers('b')).toBe(false);
  });

  it('counts from when one was seen last, also between others', () => {
    const { see, at } = start();
    see('a', 0);
    see('b', 10);
    see('a', 20);
    see('b', 80);
    see('a', 90);
    expect(at(180).hasOthers('a')).toBe(true);
    see('a', 185);
    expect(at(185).hasOthers('a')).toBe(false);
    see('c', 190);
    for (const key of ['a', 'b', 'c']) expect([key, at(190).hasOthers(key)]).toEqual([key, true]);
  });
});
