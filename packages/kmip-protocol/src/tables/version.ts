/** The versions of the protocol that the tables describe, oldest first. */
export const VERSIONS = ['1.0', '1.1', '1.2', '1.3', '1.4', '2.0', '2.1'] as const;

export type Version = (typeof VERSIONS)[number];

/**
 * The two generations of the protocol. Between them the messages themselves change: 1.x carries
 * attributes by name and index, 2.x by tag.
 */
export type VersionFamily = '1.x' | '2.x';

/** The first and the last version that knows something; an absent bound is open. */
export interface VersionRange {
  readonly since?: Version | undefined;
  readonly until?: Version | undefined;
}

/** Position of a version in `VERSIONS`, 0 for the oldest. */
export function versionIndex(version: Version): number {
  return VERSIONS.indexOf(version);
}

/** Whether `version` is `since` or newer. */
export function isAtLeast(version: Version, since: Version): boolean {
  return versionIndex(version) >= versionIndex(since);
}

/**
 * Whether `version` lies within `range`, bounds included.
 *
 * @param range - Undefined stands for every version, as for names that no version table mentions.
 */
export function isWithin(version: Version, range: VersionRange | undefined): boolean {
  const { since, until } = range ?? {};
  return (
    (since === undefined || isAtLeast(version, since)) &&
    (until === undefined || isAtLeast(until, version))
  );
}

export function familyOf(version: Version): VersionFamily {
  return isAtLeast(version, '2.0') ? '2.x' : '1.x';
}
