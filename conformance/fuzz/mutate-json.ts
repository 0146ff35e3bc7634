/** Damage done to a JSON value, which stays JSON. */

import type { Random } from '../seeded-random.ts';

const VALUES: readonly unknown[] = [
  null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', 'a', '\u0000', 'x'.repeat(5000), [], {}, [[]], [null],
  '2026-02-30T00:00:00Z', 'AAAA', '=', '../..', { resources: [{}] },
]; // biome-ignore format: one group a line

/** Changes, removes, adds or nests one value of it, sometimes several. */
export function mutateJson(value: unknown, random: Random): unknown {
  let mutated = value;
  for (let damages = random.integer(0, 3); damages > 0; damages--)
    mutated = damage(mutated, random);
  return mutated;
}

function damage(value: unknown, random: Random): unknown {
  if (random.integer(0, 4) > 0) {
    if (Array.isArray(value) && value.length > 0) {
      const at = random.integer(0, value.length - 1);
      return value.map((each, index) => (index === at ? damage(each, random) : each));
    }
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
      return damagedObject(value, random);
    }
  }
  return random.integer(0, 3) === 0 ? nested(value, random.integer(1, 200)) : random.pick(VALUES);
}

function damagedObject(value: object, random: Random): object {
  const entries = Object.entries(value);
  const [name, inner] = random.pick(entries);
  const others = entries.filter(([other]) => other !== name);
  switch (random.integer(0, 4)) {
    case 0:
      return Object.fromEntries(others);
    case 1:
      return Object.fromEntries([...entries, [random.pick(['__proto__', 'id', 'x', '']), inner]]);
    default:
      return Object.fromEntries([...others, [name, damage(inner, random)]]);
  }
}

function nested(value: unknown, depth: number): unknown {
  let nest = value;
  for (let level = 0; level < depth; level++) nest = [nest];
  return nest;
}
