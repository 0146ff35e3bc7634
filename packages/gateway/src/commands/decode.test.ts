import { describe, expect, it } from 'vitest';
import { run } from '../gateway.fixtures.ts';

/** A Unique Identifier and a Key Material in a Request Payload. */
const MESSAGE =
  '42007901000000284200940700000004' +
  '61626364000000004200430800000010' +
  '000102030405060708090a0b0c0d0e0f';

describe('claviger decode', () => {
  it.each([
    ['digits', `${MESSAGE}\n`],
    ['digits in lines', MESSAGE.replaceAll(/(.{16})/g, '$1 \n')],
    ['bytes', Buffer.from(MESSAGE, 'hex')],
  ])('reads %s, and hides what may be a key', async (_name, input) => {
    const { code, out } = await run(['decode'], { input });
    expect(code).toBe(0);
    expect(out).toMatch(/^0000 {2}RequestPayload +Structure +40$/m);
    expect(out).toMatch(/UniqueIdentifier +TextString +4 {2}"abcd"$/m);
    expect(out).toMatch(/KeyMaterial +ByteString +16 {2}\(hidden\)$/m);
  });

  it('shows byte strings on demand, also as JSON of KMIP', async () => {
    const text = await run(['decode', '--show-keys'], { input: MESSAGE });
    expect(text.out).toContain('000102030405060708090a0b0c0d0e0f');
    const json = await run(['decode', '--show-keys', '--json'], { input: MESSAGE });
    expect(JSON.parse(json.out)).toMatchObject({ tag: 'RequestPayload' });
    expect((await run(['decode', '--json'], { input: MESSAGE })).code).toBe(2);
  });

  it('shows what it can of a broken message, and where it breaks', async () => {
    const cut = MESSAGE.slice(0, 64);
    const { code, out } = await run(['decode'], { input: cut });
    expect(code).toBe(0);
    expect(out).toMatch(/UniqueIdentifier/);
    expect((await run(['decode', '--json', '--show-keys'], { input: cut })).code).toBe(1);
  });
});
