/** The messages of the OASIS test cases through the schemas and back. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { decodeXml } from '@claviger/ttlv-codec/xml';
import { describe, expect, it } from 'vitest';
import { createKmipNames } from '../names.ts';
import { type DescribedOperation, OPERATION_SCHEMAS } from '../operations/index.ts';
import { haveOasisTestCases, oasisFolders, oasisMessages } from './oasis-test-cases.fixtures.ts';
import { statedVersion, throughSchemas } from './through-schemas.fixtures.ts';

/** The messages that cannot be read, and why that is right. */
const UNREADABLE: Readonly<Record<string, string>> = {
  // Names of PKCS#11 functions are no values of KMIP's enumeration, which has none (2.1 §11.38).
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5].map((position) => [`PKCS11-M-1-21#${position}`, 'unknown-name']),
  ),
  // Get of a Template, deprecated since 1.3; no described operation makes one.
  'TC_312_12_Register_Create_Get_attributes_Destroy#9': 'invalid-field',
};

/** So that no message is lost by a change of the reader. */
const MESSAGES: Readonly<Record<string, number>> = {
  '1.0/mandatory': 320,
  '1.0/optional': 114,
  '1.0/tc': 528,
  '1.2/mandatory': 546,
  '1.2/optional': 122,
  '1.2/tc': 856,
  '1.4/mandatory': 908,
  '1.4/optional': 34,
  '1.4/tc': 798,
  '2.1/mandatory': 1122,
  '2.1/optional': 34,
  '2.1/tc': 60,
};

describe.skipIf(!haveOasisTestCases)(
  'the OASIS test cases (need ../shared/kmip/test-cases)',
  () => {
    const names = createKmipNames();

    it.each(oasisFolders())('%s are read, and written again as they were', (folder) => {
      const messages = oasisMessages(folder);
      expect(messages).toHaveLength(MESSAGES[folder] ?? 0);
      for (const { where, xml } of messages) {
        const outcome = outcomeOf(() => {
          const item = decodeXml(xml, names);
          return { item, again: throughSchemas(item, statedVersion(item)).item };
        });
        if (typeof outcome === 'string')
          expect([where, outcome]).toEqual([where, UNREADABLE[where]]);
        else {
          expect([where, UNREADABLE[where]]).toEqual([where, undefined]);
          expect([where, outcome.again]).toEqual([where, outcome.item]);
        }
      }
    });

    it('use every described operation', () => {
      const used = new Set<DescribedOperation>();
      for (const { where, xml } of oasisMessages('1.4/tc').concat(oasisMessages('2.1/mandatory'))) {
        if (where in UNREADABLE) continue;
        const item = decodeXml(xml, names);
        for (const operation of throughSchemas(item, statedVersion(item)).operations) {
          used.add(operation);
        }
      }
      expect([...used].sort()).toEqual(Object.keys(OPERATION_SCHEMAS).sort());
    });
  },
);

interface ReadAndWritten {
  readonly item: TtlvItem;
  readonly again: TtlvItem;
}

/** The code of the error when there is one. */
function outcomeOf(attempt: () => ReadAndWritten): ReadAndWritten | string {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}
