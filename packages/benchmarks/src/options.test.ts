import { describe, expect, it } from 'vitest';
import { HELP, type Options, parseOptions } from './options.ts';
import { ROWS } from './rows/index.ts';
import { FULL, QUICK, SMALLEST } from './settings.ts';

function parsed(...args: readonly string[]): Options {
  const options = parseOptions(args);
  if (options === 'help') throw new Error('Help was not asked for.');
  return options;
}

describe('the options of a run', () => {
  it('are the full extent unless told', () => {
    expect(parsed().settings).toMatchObject(FULL);
    expect(parsed('--quick').settings).toMatchObject(QUICK);
    expect(parsed('--smallest').settings).toMatchObject(SMALLEST);
    expect(parsed()).toMatchObject({ only: [], pykmip: undefined });
  });

  it('narrow a run to rows, rounds, times, stores and a runtime', () => {
    const { settings, only, pykmip } = parsed(
      ...['--only', 'get,create', '--only', 'start', '--rounds', '2', '--duration', '50'],
      ...['--stores', '1,65,66', '--node', '/opt/node', '--pykmip', 'none'],
    );
    expect(only).toEqual(['get', 'create', 'start']);
    expect(settings).toMatchObject({
      rounds: 2,
      durationMs: 50,
      stores: { small: 1, middle: 65, large: 66 },
      node: '/opt/node',
    });
    expect(pykmip).toBe(false);
  });

  it.each([
    ['--rounds', '0', 'whole number'],
    ['--duration', 'a', 'whole number'],
    ['--stores', '1,2', 'three numbers'],
    ['--stores', '3,2,1', 'larger'],
    ['--stores', '1,64,66', 'second page'],
    ['--only', 'nothing', 'no row "nothing"'],
  ])('refuse %s %s', (name, value, message) => {
    expect(() => parsed(name, value)).toThrow(message);
  });

  it('are explained, with every row', () => {
    expect(parseOptions(['--help'])).toBe('help');
    for (const { name } of ROWS) expect(HELP).toContain(name);
  });
});
