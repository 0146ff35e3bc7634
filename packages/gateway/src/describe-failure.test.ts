import { KeyHierarchyError } from '@claviger/key-hierarchy';
import { StoreError } from '@claviger/key-store';
import { KmipClientError } from '@claviger/kmip-client';
import { ClavigerError } from '@claviger/kmip-protocol';
import { PkiError } from '@claviger/pki';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './describe-failure.ts';
import { Failure } from './failure.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: no luck`), { code });
}

describe('describeFailure', () => {
  it.each([
    [new Failure('address', 'Port in use.'), 'address', 'Port in use.'],
    [new StoreError('newer-version', 'Newer.'), 'data', 'Newer.'],
    [new StoreError('corrupt', 'The file is damaged'), 'data', 'The file is damaged.'],
    [new StoreError('overloaded', 'Too much.'), 'failure', 'Too much.'],
    [
      new KeyHierarchyError('key-file-permissions', 'run: chmod 600 x'),
      'data',
      'run: chmod 600 x.',
    ],
    [
      new PkiError('malformed', 'the certificate is cut off'),
      'data',
      'The certificate is cut off.',
    ],
    [
      new KeyHierarchyError('key-file-inaccessible', 'cannot read k: EACCES'),
      'data',
      'Cannot read k: EACCES. Check its owner, its permissions and the disk.',
    ],
    [new KmipClientError('connect-failed', 'nobody there'), 'unreachable', 'Nobody there.'],
    [new KmipClientError('operation-failed', 'no'), 'refused', 'no.'],
    [new ClavigerError('item-not-found', 'There is none.'), 'refused', 'There is none.'],
  ])('puts %o into words', (error, reason, message) => {
    expect(describeFailure(error)).toEqual({ reason, message });
  });

  it.each([
    new StoreError('cannot-open', 'It cannot be opened.', { cause: systemError('ENOSPC') }),
    new KeyHierarchyError('key-file-inaccessible', 'cannot write k: ENOSPC', {
      cause: systemError('ENOSPC'),
    }),
    systemError('EDQUOT'),
  ])('says that the disk is full, whoever noticed (%o)', (error) => {
    const { reason, message } = describeFailure(error);
    expect(reason).toBe('data');
    expect(message).toMatch(/^The disk is full: .* Make room and start again; nothing was overw/);
  });

  it.each([
    systemError('EROFS'),
    new StoreError('cannot-open', 'It cannot be opened.', { cause: systemError('EROFS') }),
  ])('says that the disk is read-only, whoever noticed (%o)', (error) => {
    const { reason, message } = describeFailure(error);
    expect(reason).toBe('data');
    expect(message).toMatch(/^The disk is read-only: .* mount it for writing and start again; /);
  });

  it('owns up to what it does not know', () => {
    const { reason, message } = describeFailure(new TypeError('x is not a function'));
    expect(reason).toBe('failure');
    expect(message).toMatch(/^This is a defect of Claviger: .*--verbose/);
  });
});
