import { describe, expect, it } from 'vitest';
import { descriptorShortage, MIN_DESCRIPTORS, parseDescriptorLimit } from './descriptor-limit.ts';

const limits = (line: string) =>
  [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max processes             63422                63422                processes ',
    line,
    'Max locked memory         8388608              8388608              bytes     ',
  ].join('\n');

describe('the limit of descriptors', () => {
  it.each([
    ['the soft one', '1024                 524288               files     ', 1024],
    ['none', 'unlimited            unlimited            files     ', Number.POSITIVE_INFINITY],
  ])('is %s', (_, values, expected) => {
    expect(parseDescriptorLimit(limits(`Max open files            ${values}`))).toBe(expected);
  });

  it('is not known where the system tells something else', () => {
    expect(parseDescriptorLimit(limits('Max open sockets          12'))).toBeUndefined();
    expect(parseDescriptorLimit('')).toBeUndefined();
  });

  it('is told of when nothing can be started with it', () => {
    expect(descriptorShortage(MIN_DESCRIPTORS - 1)).toMatch(/1023 files open.*1024.*LimitNOFILE/);
    expect([MIN_DESCRIPTORS, undefined].map(descriptorShortage)).toEqual([undefined, undefined]);
  });
});
