import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aFailure, aSuccess } from './actions/action-samples.fixtures.ts';
import { actionDefinition } from './catalogue/actions.ts';
import { currentAction } from './catalogue/historical-names.ts';
import { HPCS_ACTIONS } from './catalogue/hpcs-actions.ts';

// The source lies beside the checkout where this catalogue is maintained, and nowhere else.
const SOURCE = new URL('../../../../shared/seed/hpcs-audit-events.zh.txt', import.meta.url);

describe.skipIf(!existsSync(SOURCE))('the tables of the source (where it is present)', () => {
  const text = existsSync(SOURCE) ? readFileSync(SOURCE, 'utf8') : '';
  const table20 = text.slice(text.indexOf('表 20.'), text.indexOf('表 21z。'));
  const table21 = text.slice(text.indexOf('表 21z。'));

  /** Each row of table 20: an action and the severity that stands above it. */
  const actions: (readonly [string, string])[] = [];
  let severity = '';
  for (const line of table20.split('\n')) {
    severity = /^(Critical|Warning|Normal) /.exec(line)?.[1]?.toLowerCase() ?? severity;
    const name = /hs-crypto\.\S+/.exec(line)?.[0];
    if (name !== undefined && severity !== '') actions.push([name, severity]);
  }

  it('20 has 60 rows', () => expect(actions).toHaveLength(60));

  it.each(actions)('20: %s is %s', (name, expected) => {
    const action = currentAction(name);
    if (action === undefined) throw new Error(`${name} is no action`);
    expect(actionDefinition(action).severity).toBe(expected);
    expect(aSuccess(action).severity).toBe(expected);
  });

  // The source has lost the separators: three digits are a status.
  const statusesOf = (line: RegExp) =>
    [...(line.exec(table21)?.[1] ?? '').matchAll(/\d{3}/g)].map(([digits]) => Number(digits));
  const critical = statusesOf(/^严重 400 \(.*?\),(.*)$/m);
  const warning = statusesOf(/^警告 (.*)$/m);

  it('21 has the statuses 400 twice, 401, 403, 500, 503, 507, 409, 424, 502, 504 and 505', () => {
    expect(critical).toEqual([401, 403, 500, 503, 507]);
    expect(warning).toEqual([400, 409, 424, 502, 504, 505]);
  });

  it.each(critical)('21: %i is critical', (status) => {
    expect(aFailure('hs-crypto.secrets.list', status).severity).toBe('critical');
  });

  it.each(warning)('21: %i is a warning', (status) => {
    expect(aFailure('hs-crypto.secrets.list', status).severity).toBe('warning');
  });

  it('21: 400 is critical for TKE', () => {
    const tke = Object.entries(HPCS_ACTIONS).filter(([, { group }]) => group === 'tke');
    expect(tke).toHaveLength(9);
    for (const [name] of tke) {
      const action = currentAction(name);
      if (action !== undefined) expect(aFailure(action, 400).severity).toBe('critical');
    }
  });

  it('names no action that the catalogue does not have, and the catalogue none that it does not name', () => {
    const names = new Set(
      [...text.matchAll(/hs-crypto\.(?:hs-crypto\.)?[a-z0-9-]+\.[a-z-]+/g)].map(([name]) => name),
    );
    const known = new Set([...names].map((name) => currentAction(name)));
    // An example of a target's type is no action.
    expect([...names].filter((name) => currentAction(name) === undefined)).toEqual([]);
    expect([...known].sort()).toEqual(Object.keys(HPCS_ACTIONS).sort());
  });
});
