import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  MAX_ATTRIBUTE_BYTES,
  MAX_INSTANCES,
  MAX_TEXT_LENGTH,
} from './lifecycle/attribute-rules.ts';
import { DEFAULT_KMIP_SERVER_LIMITS } from './limits.ts';
import { MAX_LOCATED } from './operations/locate.ts';

const root = new URL('./', import.meta.url);
const readme = readFileSync(new URL('../README.md', root), 'utf8');

function sectionUnder(heading: string): string {
  return readme.split('\n## ').find((text) => text.startsWith(`${heading}\n`)) ?? '';
}

/** The rows of the table under a heading, their cells without back quotes. */
function tableUnder(heading: string): string[][] {
  const [, , ...rows] = sectionUnder(heading)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}

function pathsIn(text: string): string[] {
  return [...text.matchAll(/`([a-z0-9/.-]+\.ts)`/g)].map(([, path]) => path ?? '');
}

it('the README has the limits with their defaults, all of them and no others', () => {
  const limits = Object.entries(DEFAULT_KMIP_SERVER_LIMITS).map(([name, value]) => [
    name,
    `${value}`,
  ]);
  expect(tableUnder('Limits').map(([name, value]) => [name, value])).toEqual(limits);
});

it('the README has the limits of an object and of a Locate', () => {
  const section = sectionUnder('Limits');
  for (const limit of [MAX_INSTANCES, MAX_TEXT_LENGTH, MAX_LOCATED]) {
    expect(section).toContain(limit.toLocaleString('en'));
  }
  expect(section).toContain(`${MAX_ATTRIBUTE_BYTES / 1024} KiB`);
});

it('every promise of the README names tests that are there', () => {
  const promises = tableUnder('Promises, each with its test');
  expect(promises.length).toBeGreaterThan(10);
  for (const [, tests = ''] of promises) {
    const paths = tests.split(',').map((path) => path.trim());
    for (const path of paths) expect([path, existsSync(new URL(path, root))]).toEqual([path, true]);
  }
});

it('the README lists the files, all of them and no others', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !/\.(test|fixtures|bench)\.ts$/.test(path));
  expect(pathsIn(sectionUnder('Files in reading order')).toSorted()).toEqual(files.toSorted());
});
