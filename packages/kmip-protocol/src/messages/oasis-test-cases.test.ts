/** The messages of the OASIS test cases through the schemas and back. */

import { decodeTtlv, encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { decodeJsonText, encodeJsonText } from '@claviger/ttlv-codec/json';
import { decodeXml, encodeXml } from '@claviger/ttlv-codec/xml';
import { describe, expect, it } from 'vitest';
import { createKmipNames } from '../names.ts';
import { type DescribedOperation, OPERATION_SCHEMAS } from '../operations/index.ts';
import { TAGS } from '../tables/tags.ts';
import { haveOasisTestCases, oasisFolders, oasisMessages } from './oasis-test-cases.fixtures.ts';
import { statedVersion, throughSchemas } from './through-schemas.fixtures.ts';

/** The messages that cannot be read, and why that is right. */
const UNREADABLE: Readonly<Record<string, string>> = {
  // The fourth attribute has no Attribute Name, which there must be (1.2 §2.1.1).
  'CS-AC-M-3-12#2': 'invalid-message',
  // The sixth has none.
  'CS-AC-M-8-12#2': 'invalid-message',
  // The header says 1.0, the Digest has a Key Format Type, which came with 1.1 (1.1 §3.17).
  'TC_NP_2_12_Notify_Put#2': 'invalid-field',
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
          const item = withoutFirstIndices(decodeXml(xml, names));
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

    it.each(oasisFolders())('%s are the same in every encoding', (folder) => {
      for (const { where, xml } of oasisMessages(folder)) {
        const item = decodeXml(xml, names);
        const bytes = encodeTtlv(item);
        const view = decodeTtlv(bytes);
        const text = encodeXml(view, names);
        expect([where, encodeTtlv(decodeXml(text, names))]).toEqual([where, bytes]);
        const json = encodeJsonText(item, names);
        const fromJson = decodeTtlv(encodeTtlv(decodeJsonText(json, names)));
        expect([where, encodeJsonText(fromJson, names)]).toEqual([where, json]);
        expect([where, encodeTtlv(view)]).toEqual([where, bytes]);
      }
    });

    it('use every operation but the named ones', () => {
      const used = new Set<DescribedOperation>();
      for (const { where, xml } of oasisFolders().flatMap(oasisMessages)) {
        if (where in UNREADABLE) continue;
        const item = decodeXml(xml, names);
        for (const operation of throughSchemas(item, statedVersion(item)).operations) {
          used.add(operation);
        }
      }
      const unused = Object.keys(OPERATION_SCHEMAS).filter(
        (operation) => !used.has(operation as DescribedOperation), // a key of the table
      );
      expect(unused).toEqual(UNUSED);
    });
  },
);

/** Operations that no test case asks for. */
const UNUSED: readonly string[] = [
  'AdjustAttribute',
  'DelegatedLogin',
  'Export',
  'Import',
  'Logout',
  'Ping',
  'Process',
  'QueryAsynchronousRequests',
  'ReProvision',
  'SetAttribute',
  'SetDefaults',
  'SetEndpointRole',
  'Validate',
];

/** An Attribute Index of 0 means the same as none, and is not written (see DIVERGENCES in the README). */
function withoutFirstIndices(item: TtlvItem): TtlvItem {
  if (item.type !== 'Structure') return item;
  const children = item.value.filter(
    ({ tag, value }) => item.tag !== TAGS.Attribute || tag !== TAGS.AttributeIndex || value !== 0,
  );
  return { ...item, value: children.map(withoutFirstIndices) };
}

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
