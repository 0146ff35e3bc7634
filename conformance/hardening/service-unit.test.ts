/** The unit file for systemd, judged by `systemd-analyze`. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_FLAGS } from '../gateway-process.ts';

const UNIT = new URL('../../packages/gateway/docs/systemd/claviger.service', import.meta.url);
/** Of 100; the documentation says 1.4 of 10, and versions of systemd differ a little. */
const MOST_EXPOSED = 20;

const isThere = spawnSync('systemd-analyze', ['--version']).status === 0;

describe.skipIf(!isThere)('the unit file (needs systemd-analyze)', () => {
  let directory: string;
  let unit: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'claviger-unit-'));
    unit = join(directory, 'claviger.service');
    // Without the account and the place of Node.js, which this machine need not have.
    const content = readFileSync(UNIT, 'utf8')
      .replace('/usr/bin/node', execPath)
      .replace(/^(User|Group)=claviger$/gm, '$1=root');
    writeFileSync(unit, content);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('has no line that systemd does not understand', () => {
    const { status, stdout, stderr } = analyze('verify', '--man=no', unit);
    const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('claviger'));
    expect({ status, about }).toEqual({ status: 0, about: [] });
  });

  it('leaves little open', () => {
    const threshold = `--threshold=${MOST_EXPOSED}`;
    const { status, stdout } = analyze('security', '--offline=true', '--no-pager', threshold, unit);
    expect({ status, verdict: stdout.trim().split('\n').at(-1) }).toEqual({
      status: 0,
      verdict: expect.stringContaining('Overall exposure level'),
    });
  });
});

it('the unit file writes no core dumps, and runs the gateway as the start scripts and these tests do', () => {
  const unit = readFileSync(UNIT, 'utf8');
  const flags = NODE_FLAGS.join(' ');
  expect(unit).toMatch(/^LimitCORE=0$/m);
  expect(unit).toMatch(new RegExp(`^ExecStart=\\S+ ${flags} `, 'm'));
  const { scripts } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  for (const name of ['start', 'claviger', 'demo']) {
    expect(scripts[name]).toMatch(new RegExp(`^node ${flags} `));
  }
});

function analyze(...args: readonly string[]) {
  return spawnSync('systemd-analyze', args, { encoding: 'utf8' });
}
