import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeContext, type EnvelopeContext, encodeContext } from './envelope-context.ts';

const hex = (context: EnvelopeContext) => Buffer.from(encodeContext(context)).toString('hex');
const field = (text: string) =>
  `${Buffer.byteLength(text).toString(16).padStart(4, '0')}${Buffer.from(text).toString('hex')}`;

// Short ids from few letters, so that ids which only differ in where one ends are generated often.
const id = fc.string({
  unit: fc.constantFrom('a', 'b', '-', '\u0000', 'ä'),
  minLength: 1,
  maxLength: 4,
});
const anyContext: fc.Arbitrary<EnvelopeContext> = fc.oneof(
  fc.record({ purpose: fc.constant('master-key') }),
  fc.record({ purpose: fc.constant('root-key'), rootKeyId: id }),
  fc.record({ purpose: fc.constant('adapter-key'), rootKeyId: id, adapterId: id }),
  fc.record({
    purpose: fc.constant('object-material'),
    adapterId: id,
    objectId: id,
    materialVersion: fc.nat({ max: 20 }),
  }),
  fc.record({ purpose: fc.constant('key-payload'), rootKeyId: id }),
  fc.record({
    purpose: fc.constant('wrapped-data'),
    rootKeyId: id,
    associatedData: fc.array(id, { maxLength: 3 }),
  }),
);

describe('encodeContext', () => {
  it.each<[EnvelopeContext, readonly string[]]>([
    [{ purpose: 'master-key' }, ['master-key']],
    [{ purpose: 'root-key', rootKeyId: 'r1' }, ['root-key', 'r1']],
    [{ purpose: 'adapter-key', rootKeyId: 'r1', adapterId: 'ä' }, ['adapter-key', 'r1', 'ä']],
    [
      { purpose: 'object-material', adapterId: 'a', objectId: 'o', materialVersion: 12 },
      ['object-material', 'a', 'o', '12'],
    ],
    [{ purpose: 'key-payload', rootKeyId: 'r1' }, ['key-payload', 'r1']],
    [
      { purpose: 'wrapped-data', rootKeyId: 'r1', associatedData: ['a', 'b'] },
      ['wrapped-data', 'r1', 'a', 'b'],
    ],
  ])('encodes %o as length-prefixed fields', (context, fields) => {
    expect(hex(context)).toBe(fields.map(field).join(''));
  });

  it('never gives two contexts one encoding', () => {
    fc.assert(
      fc.property(anyContext, anyContext, (a, b) => {
        expect(hex(a) === hex(b)).toBe(describeContext(a) === describeContext(b));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['an empty id', ''],
    ['an id of 65,536 bytes', 'x'.repeat(65_536)],
    ['an unpaired surrogate', 'a\ud800'],
  ])('refuses %s', (_, rootKeyId) => {
    expect(() => encodeContext({ purpose: 'root-key', rootKeyId })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53])('refuses %s as a material version', (materialVersion) => {
    expect(() =>
      encodeContext({ purpose: 'object-material', adapterId: 'a', objectId: 'o', materialVersion }),
    ).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
