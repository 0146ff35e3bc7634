/** Results for people and programs. */

import type { CaseResult } from './run-suite.ts';
import { profileOf } from './test-case.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly deviations: number;
}

export function countResults(results: readonly CaseResult[]): Counts {
  const count = (kind: CaseResult['result']) =>
    results.filter(({ result }) => result === kind).length;
  return { passed: count('pass'), failed: count('fail'), deviations: count('deviation') };
}

/** The results as JSON: counts, and each case with its reason (null when there is nothing to say). */
export function toJson(results: readonly CaseResult[]): string {
  const cases = results.map(({ name, version, result, reason = null }) => ({
    name,
    version,
    result,
    reason,
  }));
  return `${JSON.stringify({ ...countResults(results), cases }, undefined, 2)}\n`;
}

/** The names of the cases that did not fail, by version, as JSON. */
export function toPassList(results: readonly CaseResult[]): string {
  const passed = results.filter(({ result }) => result !== 'fail');
  const versions = [...new Set(passed.map(({ version }) => version))].sort();
  const namesOf = (version: string) =>
    passed.filter((each) => each.version === version).map(({ name }) => name);
  const lists = versions.map((version) => [version, namesOf(version).sort()] as const);
  return `${JSON.stringify(Object.fromEntries(lists), undefined, 2)}\n`;
}

/** A table of cases passed, of all, by profile and version. Deviations count as passed. */
export function toTable(results: readonly CaseResult[]): string {
  const versions = [...new Set(results.map(({ version }) => version))].sort();
  const profiles = [...new Set(results.map(({ name }) => profileOf(name)))].sort();
  const cell = (cases: readonly CaseResult[]) => {
    if (cases.length === 0) return '-';
    return `${cases.filter(({ result }) => result !== 'fail').length}/${cases.length}`;
  };
  const row = (name: string, cases: readonly CaseResult[]) => [
    name,
    ...versions.map((version) => cell(cases.filter((each) => each.version === version))),
    cell(cases),
  ];
  const rows = [
    ['profile', ...versions, 'all'],
    ...profiles.map((profile) =>
      row(
        profile,
        results.filter(({ name }) => profileOf(name) === profile),
      ),
    ),
    row('all', results),
  ];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows
    .map((cells) =>
      cells
        .map((text, column) => text[column === 0 ? 'padEnd' : 'padStart'](widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** The results in the XML of JUnit, one suite for each version. */
export function toJunit(results: readonly CaseResult[]): string {
  const versions = [...new Set(results.map(({ version }) => version))].sort();
  const suites = versions.map((version) => {
    const cases = results.filter((each) => each.version === version);
    const { failed } = countResults(cases);
    const elements = cases.map(toJunitCase).join('');
    return `  <testsuite name="KMIP ${xml(version)}" tests="${cases.length}" failures="${failed}">\n${elements}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function toJunitCase({ name, version, result, reason, report, seconds }: CaseResult): string {
  const start = `    <testcase classname="kmip.${xml(version)}" name="${xml(name)}" time="${seconds.toFixed(3)}"`;
  if (result === 'pass') return `${start}/>\n`;
  const inside =
    result === 'fail'
      ? `<failure message="${xml(reason ?? '')}">${xml(report ?? '')}</failure>`
      : `<system-out>${xml(`deviation: ${reason ?? ''}`)}</system-out>`;
  return `${start}>${inside}</testcase>\n`;
}

function xml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no way to write them
  const printable = text.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '?');
  return printable.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
