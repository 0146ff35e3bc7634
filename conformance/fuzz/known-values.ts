/** Values of a gateway that calls have to have to get anywhere: identifiers, certificates, wrapped keys. */

import { z } from 'zod';
import type { Random } from '../seeded-random.ts';

export interface KnownValues {
  /** Takes what an answer tells. @param path - With parameters in braces. */
  learn(path: string, answer: string): void;
  /** An identifier for a parameter of a path, or of anything; at times one that there is not. */
  identifier(parameter: string, random: Random): string;
  /** A body in which what stands for values of the gateway is, mostly, such a value. */
  fill(body: unknown, random: Random): unknown;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const STRANGE = ['vcenter', '0a0b0c0d-0000-4000-8000-000000000003', '%', '..', '-1'] as const;
const MOST_OF_EACH = 20;

const Told = z.object({
  resources: z.array(z.object({ id: z.string() })).optional(),
  ciphertext: z.string().optional(),
});

/** @param given - Texts by the name of the property that takes them. */
export function createKnownValues(given: Readonly<Record<string, readonly string[]>>): KnownValues {
  const identifiers = new Map<string, string[]>();
  const texts = new Map(Object.entries(given).map(([name, known]) => [name, [...known]]));

  const keep = (known: Map<string, string[]>, name: string, value: string) => {
    const kept = known.get(name) ?? [];
    if (!kept.includes(value)) known.set(name, [...kept, value].slice(-MOST_OF_EACH));
  };
  const anyIdentifier = (random: Random) => {
    const all = [...identifiers.values()].flat();
    return random.pick(all.length === 0 ? STRANGE : all);
  };

  function fill(value: unknown, random: Random, name = ''): unknown {
    if (typeof value === 'string') {
      if (UUID.test(value)) return anyIdentifier(random);
      const known = texts.get(name) ?? [];
      return known.length > 0 && random.integer(0, 3) > 0 ? random.pick(known) : value;
    }
    if (Array.isArray(value)) return value.map((each) => fill(each, random, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, fill(each, random, key)]),
    );
  }

  return {
    learn(path, answer) {
      const told = Told.safeParse(parsed(answer));
      const { resources = [], ciphertext } = told.data ?? {};
      const collection = collectionOf(path);
      for (const { id } of resources) keep(identifiers, collection, id);
      if (ciphertext !== undefined) keep(texts, 'ciphertext', ciphertext);
    },
    identifier(parameter, random) {
      const known = identifiers.get(parameter) ?? [];
      if (known.length > 0 && random.integer(0, 5) > 0) return random.pick(known);
      return random.integer(0, 1) === 0 ? random.pick(STRANGE) : anyIdentifier(random);
    },
    fill,
  };
}

/** The parameter that takes what a list has: `adapter` of `/kmip_adapters`, `key` of `/keys/{key}`. */
function collectionOf(path: string): string {
  const last = path.replace(/\/\{[^}]+\}$/, '').replace(/.*\//, '');
  return last === 'client_authorities'
    ? 'authority'
    : last.replace(/^(kmip|client)_/, '').replace(/s$/, '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
