/** What a case needs beside its file: cases before it, other identities, another transport, a shorter wait. */

import { fileURLToPath } from 'node:url';
import type { ContentType } from './https-connection.ts';

/** As the management API takes them. */
export interface CaseCredential {
  readonly name: string;
  readonly username?: string;
  readonly device?: Readonly<Record<string, string>>;
  readonly password: string;
}

export interface CaseNeeds {
  /** Matched against `VERSION/NAME`. */
  readonly cases: RegExp;
  /**
   * The case that is played before, with the same identities and without cleaning up; a pattern that the
   * names of the same version are matched against, those in `set-up` too: what has to be there before.
   */
  readonly after?: RegExp;
  /** Who makes each exchange, for a file that does not say so: `AAB`. */
  readonly clients?: string;
  /** Exchanges in which the server asks, counted from 0, for a file that does not say so. */
  readonly serverAsks?: 'all';
  /** Its messages go by HTTPS, in this encoding, where the server is known to take them so. */
  readonly https?: ContentType;
  /** Users and devices that the server must know, as its own command adds them. */
  readonly credentials?: readonly CaseCredential[];
  /** Seconds in the place of those that the file adds to the time. */
  readonly offsets?: Readonly<Record<string, number>>;
  /** Settings (`CLAVIGER_...`) of a gateway of the runner's own, for what is chosen there. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A client that has nothing but Suite B at this level. */
  readonly suiteB?: keyof typeof SUITE_B_CLIENTS;
}

/** What clients of the Suite B Profile are limited to: a mode of OpenSSL, and the curve of their key. */
export const SUITE_B_CLIENTS = {
  minLOS_128: { ciphers: 'SUITEB128ONLY', curve: 'P-256' },
  minLOS_192: { ciphers: 'SUITEB192', curve: 'P-384' },
} as const;

function suiteB(level: keyof typeof SUITE_B_CLIENTS, profiles: string): Omit<CaseNeeds, 'cases'> {
  return {
    suiteB: level,
    settings: {
      CLAVIGER_KMIP__LISTENERS__0__SUITE_B: level,
      CLAVIGER_TLS__PROFILES_FILE: fileURLToPath(new URL(profiles, import.meta.url)),
    },
  };
}

/** A directory with cases of our own, played before those that need them only. */
export const SET_UP_CASES = fileURLToPath(new URL('set-up', import.meta.url));

export const CASE_NEEDS: readonly CaseNeeds[] = [
  { cases: /\/TL-M-3-/, after: /^TL-M-2-/ },
  { cases: /\/SASED-M-3-/, after: /^SASED-M-2-/ },
  { cases: /\/TC_151_/, after: /^fresh-object-in-default-group$/ },
  { cases: /\/TC-OTP-[125]-/, after: /^one-time-pad$/ },
  { cases: /\/TC-OTP-3-/, after: /^one-time-pad-kept-elsewhere$/ },
  { cases: /\/TC-OTP-4-/, after: /^one-time-pad-kept-secret$/ },
  { cases: /\/TC-CREG-2-/, after: /^TC-CREG-1-/ },
  { cases: /\/TC-CREG-3-/, after: /^TC-CREG-2-/ },
  // As the files of 1.2 with the same numbers say.
  { cases: /^1\.0\/TC_314_/, clients: 'AABBBBBBAAAA' },
  { cases: /^1\.0\/TC_32_/, clients: 'ABBBBBBBBA' },
  { cases: /^1\.0\/TC_41_/, clients: 'AAAABBBBAAAAAAA' },
  { cases: /\/MSGENC-HTTPS-/, https: 'application/octet-stream' },
  { cases: /\/MSGENC-XML-/, https: 'text/xml' },
  { cases: /\/MSGENC-JSON-/, https: 'application/json' },
  { cases: /\/TC-Q-S2C-/, serverAsks: 'all' },
  {
    cases: /\/TC_111_/,
    credentials: [
      { name: 'fred', username: 'Fred', password: 'password1' },
      { name: 'barney', username: 'Barney', password: 'secret2' },
    ],
  },
  {
    cases: /\/TC_112_/,
    credentials: [
      {
        name: 'device-2233',
        device: {
          serial_number: 'serNum123456',
          identifier: 'devID2233',
          network_identifier: 'netID9000',
          machine_identifier: 'machineID1',
          media_identifier: 'mediaID313',
        },
        password: 'secret',
      },
      {
        name: 'device-4444',
        device: {
          serial_number: 'serNum101010',
          identifier: 'devID4444',
          network_identifier: 'netID9',
          machine_identifier: 'machineID1111',
          media_identifier: 'mediaID0000',
        },
        password: 'passwd',
      },
    ],
  },
  {
    cases: /\/TC-CREG-/,
    credentials: [
      { name: 'one-time-user', username: 'one-time-user', password: 'one-time-password' },
    ],
  },
  { cases: /\/SUITEB_128-/, ...suiteB('minLOS_128', 'suite-b/minlos-128.json') },
  { cases: /\/SUITEB_192-/, ...suiteB('minLOS_192', 'suite-b/minlos-192.json') },
  // Four policies for the seeds of clients, of which a server has one.
  { cases: /\/CS-RNG-O-1-/, settings: { CLAVIGER_KMIP__RNG_SEED: 'accept' } },
  { cases: /\/CS-RNG-O-2-/, settings: { CLAVIGER_KMIP__RNG_SEED: 'partial' } },
  { cases: /\/CS-RNG-O-3-/, settings: { CLAVIGER_KMIP__RNG_SEED: 'ignore' } },
  { cases: /\/CS-RNG-O-4-/, settings: { CLAVIGER_KMIP__RNG_SEED: 'deny' } },
  // A key is to be active for two minutes: a few seconds show the same.
  { cases: /\/TC_92_/, offsets: { '$NOW+120': 6 } },
];

/** All that a case needs. */
export function needsOf(label: string): Omit<CaseNeeds, 'cases'> {
  return Object.assign({}, ...CASE_NEEDS.filter(({ cases }) => cases.test(label)));
}
