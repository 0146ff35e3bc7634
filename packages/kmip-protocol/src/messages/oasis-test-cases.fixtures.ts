/** The messages of the OASIS test cases, where their files are beside the repository. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../../../shared/kmip/test-cases');

export const haveOasisTestCases = existsSync(FOLDER);

export interface OasisMessage {
  /** File and place in it, counted from 0: `AKLC-M-1-10#2`. */
  readonly where: string;
  readonly xml: string;
}

/** `1.0/mandatory`, `1.0/optional` and so on; empty where the files are not. */
export function oasisFolders(): string[] {
  if (!haveOasisTestCases) return [];
  const versions = readdirSync(FOLDER).filter((name) => /^\d/.test(name));
  return versions.flatMap((version) =>
    readdirSync(join(FOLDER, version)).map((kind) => `${version}/${kind}`),
  );
}

/** The requests and responses of a folder, made readable. */
export function oasisMessages(folder: string): OasisMessage[] {
  return readdirSync(join(FOLDER, folder)).flatMap((file) => {
    const text = readFileSync(join(FOLDER, folder, file), 'utf8');
    return messagesOf(text).map((xml, position) => ({
      where: `${file.replace(/\.xml$/, '')}#${position}`,
      xml: readable(xml),
    }));
  });
}

/** The files hold remarks, dumps and, once, an end tag too many between the messages. */
function messagesOf(text: string): string[] {
  const bare = text.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->/g, '');
  return bare.match(/<(RequestMessage|ResponseMessage)\b[\s\S]*?<\/\1>/g) ?? [];
}

/** What stands for a placeholder such as `$NOW` or `$DATA_0`; a text may stay as it is. */
const STAND_INS: Readonly<Record<string, string>> = {
  DateTime: '2020-01-01T00:00:00+00:00',
  ByteString: '0badc0de',
  BigInteger: '01',
};

function readable(xml: string): string {
  const filled = xml.replaceAll(/<[^>]* type="(\w+)" value="(\$[^"]*)"/g, (element, type, value) =>
    element.replace(`value="${value}"`, `value="${STAND_INS[type] ?? value}"`),
  );
  // Where the original lines were broken, names of attributes have several spaces.
  return filled.replaceAll(/<AttributeName [^>]*>/g, (element) =>
    element.replaceAll(/ {2,}/g, ' '),
  );
}
