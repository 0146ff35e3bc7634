import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from './commands/command-context.ts';
import { AMBIENT, run } from './gateway.fixtures.ts';
import { createProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

/** Nothing here is used before a command runs. */
const context: CommandContext = {
  terminal: processTerminal(process),
  environment: {},
  workingDirectory: '/',
  ambient: AMBIENT,
  account: () => 'nobody',
  listenForReload: () => () => {},
  listenForStop: () => ({ received: Promise.resolve(), isReceived: () => true, release() {} }),
};

function leavesOf(command: Command, path: readonly string[]): readonly (readonly string[])[] {
  if (command.commands.length === 0) return [path];
  return command.commands.flatMap((child) => leavesOf(child, [...path, child.name()]));
}

/** Every command by the words that call it. */
const COMMANDS = leavesOf(createProgram(context), []);

describe('the command line', () => {
  it('has the commands that others script against', () => {
    expect(COMMANDS.map((path) => path.join(' '))).toEqual([
      'up',
      'serve',
      'adapter create',
      'adapter list',
      'adapter show',
      'adapter delete',
      'cert add',
      'cert list',
      'cert show',
      'cert remove',
      'cert refused',
      'cert trust',
      'cert sign',
      'cert issue',
      'cert authority add',
      'cert authority list',
      'cert authority remove',
      'credential add',
      'credential list',
      'credential remove',
      'client-endpoint list',
      'client-endpoint ask',
      'client-endpoint put',
      'refused list',
      'refused trust',
      'object list',
      'object show',
      'object delete',
      'key create',
      'key import',
      'key list',
      'key show',
      'key rotate',
      'key disable',
      'key enable',
      'key delete',
      'apikey create',
      'apikey list',
      'apikey revoke',
      'token create',
      'events list',
      'events tail',
      'alerts list',
      'alerts test',
      'audit export',
      'audit verify',
      'audit prove',
      'audit verify-proof',
      'audit checkpoint',
      'audit rotate-key',
      'audit report',
      'audit retention',
      'audit sinks',
      'audit remove-sink',
      'kmip create',
      'kmip get',
      'kmip locate',
      'kmip activate',
      'kmip revoke',
      'kmip destroy',
      'kmip query',
      'kmip discover',
      'decode',
      'demo',
    ]);
  });

  it('is in the README as a whole', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const [, section = ''] = readme.split('\n## The command\n');
    const [table = ''] = section.split('\n## ');
    const rows = [...table.matchAll(/^\| (`[^|]+`) +\|/gm)].map(([, calls]) => calls);
    const groupOf = (path: readonly string[]) => path.slice(0, -1).join(' ') || path.join(' ');
    const groups = [...new Set(COMMANDS.map(groupOf))];
    const expected = groups.map((group) =>
      COMMANDS.filter((path) => groupOf(path) === group)
        .map((path, index) => `\`${index === 0 ? path.join(' ') : path.at(-1)}\``)
        .join(', '),
    );
    expect(rows).toEqual(expected);
  });

  it.each(COMMANDS.map((path) => [path.join(' '), path] as const))(
    'explains `%s`, with examples that call it and with --json',
    async (name, path) => {
      const help = await run([...path, '--help']);
      expect(help).toMatchObject({ code: 0, err: '' });
      expect(help.out).toMatch(new RegExp(`^Usage: claviger ${name}`));
      expect(help.out).toContain('--json');
      const [, examples = ''] = help.out.split('\nExamples:\n');
      for (const example of examples.trim().split('\n')) {
        expect(example).toContain(`claviger ${name}`);
        expect(example).toMatch(/ {2}# \S/);
      }
    },
  );

  it('shows all groups and the exit codes with --help, and its version', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const word of ['up', 'serve', 'adapter', 'cert', 'object', 'key', 'events', 'kmip']) {
      expect(out).toMatch(new RegExp(`^ {2}${word} `, 'm'));
    }
    expect(out).toMatch(/Exit codes:\n {2}0 {2}It worked/);
    expect(await run(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n' });
  });

  it.each([
    [['upp'], /error: unknown command 'upp'\n\(Did you mean up\?\)/],
    [['up', '--kmp', 'x'], /error: unknown option '--kmp'\n\(Did you mean --kmip\?\)/],
    [['up', '--kmip', '5696'], /error: .* It must be HOST:PORT, e\.g\. 127\.0\.0\.1:5696/],
    [['events', 'list', '--limit', '0'], /error: .* It must be a whole number from 1\./],
    [['kmip', 'create', '--algorithm', 'ROT13'], /Allowed choices are /],
    [['adapter', 'create'], /error: missing required argument 'name'/],
    [['object', 'show', 'a', 'b'], /error: too many arguments/],
  ])('refuses %j with code 2', async (args, message) => {
    const refused = await run(args);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toMatch(message);
  });

  it('refuses a wrong setting with code 2, each problem in its line', async () => {
    const environment = { CLAVIGER_API__PORT: 'x', CLAVIGER_LOG__LEVEL: 'loud' };
    const refused = await run(['serve'], { environment });
    expect(refused.code).toBe(2);
    expect(refused.err.split('\n')).toEqual([
      'error: api.port (from CLAVIGER_API__PORT): must be a whole number from 0 to 65535',
      'error: log.level (from CLAVIGER_LOG__LEVEL): must be one of: debug, info, warn, error, silent',
      '',
    ]);
  });
});
