/**
 * Reads the XML files of the OASIS test cases as they are.
 *
 * The messages themselves are read by the codec. Around them the files have what the codec refuses with
 * good reason: placeholders in the place of values, remarks that say who speaks, dumps in other encodings,
 * and one file has an end tag too many.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OPERATIONS, TAGS } from '@claviger/kmip-protocol';
import type { ItemType, TtlvItem, TtlvNames } from '@claviger/ttlv-codec';
import { decodeXml } from '@claviger/ttlv-codec/xml';
import { SaxesParser } from 'saxes';
import { childrenOf, type Exchange, type Template, type TestCase } from './test-case.ts';

/** A file that is no test case. */
export class TestCaseError extends Error {
  override readonly name = 'TestCaseError';
  readonly testCase: Pick<TestCase, 'name' | 'version'>;

  constructor(path: string, line: number, message: string) {
    super(`${path}, line ${line}: ${message}`);
    this.testCase = { name: nameOf(path), version: versionOfFolder(path) ?? '' };
  }
}

/** The `.xml` files in a folder and all folders below it, in order. */
export function findTestCases(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.xml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** @throws TestCaseError naming the file and the line. */
export function readTestCase(path: string, names: TtlvNames): TestCase {
  const exchanges = parseExchanges(readFileSync(path, 'utf8'), path, names);
  const version = versionOfFolder(path) ?? versionOfFirst(exchanges);
  return { name: nameOf(path), version, exchanges };
}

function nameOf(path: string): string {
  return basename(path, '.xml');
}

/** The innermost folder that is called after a version. */
function versionOfFolder(path: string): string | undefined {
  const folders = dirname(path).split(/[\\/]/).reverse();
  return folders
    .map((folder) => /^(?:kmip-)?v?([12]\.\d)$/.exec(folder)?.[1])
    .find((found) => found !== undefined);
}

interface Node {
  readonly name: string;
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
}

/** What the remarks before a request say of it. */
interface Remarks {
  client: string | undefined;
  asker: Exchange['asker'] | undefined;
  isRepeated: boolean;
}

interface Request extends Pick<Exchange, 'client' | 'asker' | 'isRepeated' | 'line'> {
  readonly request: Template;
}

function parseExchanges(text: string, path: string, names: TtlvNames): readonly Exchange[] {
  const exchanges: Exchange[] = [];
  const waiting: Request[] = [];
  let remarks: Remarks = { client: undefined, asker: undefined, isRepeated: false };

  readMessages(text, path, {
    remark(content) {
      const client = /\[Client-([A-Z])\]/.exec(content)?.[1];
      if (client !== undefined) remarks.client = client;
      if (content.includes('[Client-to-Server]')) remarks.asker = 'client';
      if (content.includes('[Server-to-Client]')) remarks.asker = 'server';
      if (content.includes('[REPEAT]')) remarks.isRepeated = true;
    },
    message(node) {
      const template = toTemplate(node, path, names);
      if (node.name === 'RequestMessage') {
        waiting.push({
          request: template,
          client: remarks.client ?? 'A',
          asker: remarks.asker ?? (isOfServer(template) ? 'server' : 'client'),
          isRepeated: remarks.isRepeated,
          line: node.line,
        });
        remarks = { client: undefined, asker: undefined, isRepeated: false };
        return;
      }
      // Requests that wait together are played in the order of their responses.
      const fits = waiting.findIndex(({ request }) => isAnsweredBy(request, template));
      const [request] = waiting.splice(Math.max(fits, 0), 1);
      if (request === undefined) fail(path, node.line, 'A response has no request before it');
      exchanges.push({ ...request, response: template });
    },
  });
  const [unanswered] = waiting;
  if (unanswered !== undefined) fail(path, unanswered.line, 'A request has no response');
  if (exchanges.length === 0) fail(path, 1, 'The file has no messages');
  return exchanges;
}

/** Only a server sends these (1.4 §5). */
const OPERATIONS_OF_SERVERS: readonly number[] = [OPERATIONS.Notify.value, OPERATIONS.Put.value];

function isOfServer(request: Template): boolean {
  return operationsOf(request).some((operation) => OPERATIONS_OF_SERVERS.includes(operation));
}

function isAnsweredBy(request: Template, response: Template): boolean {
  return operationsOf(request).join() === operationsOf(response).join();
}

function operationsOf(message: Template): readonly number[] {
  return childrenOf(message, TAGS.BatchItem)
    .flatMap((item) => childrenOf(item, TAGS.Operation))
    .flatMap((leaf) =>
      leaf.kind === 'value' && leaf.item.type === 'Enumeration' ? [leaf.item.value] : [],
    );
}

interface MessageHandler {
  remark(content: string): void;
  message(node: Node): void;
}

function readMessages(text: string, path: string, handler: MessageHandler): void {
  const parser = new SaxesParser();
  const open: Node[] = [];
  let isOver = false;
  let startLine = 1;
  parser.on('error', (error) => {
    // What stands behind the end of the document is of no interest.
    if (!isOver) fail(path, parser.line, error.message);
  });
  parser.on('opentagstart', () => {
    startLine = parser.line;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const node: Node = { name, line: startLine, attributes, children: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => {
    const node = open.pop();
    if (node?.name === 'RequestMessage' || node?.name === 'ResponseMessage') handler.message(node);
    if (open.length === 0) isOver = true;
  });
  parser.on('text', (content) => handler.remark(content));
  parser.on('comment', (content) => handler.remark(content));
  parser.write(text).close();
}

/** What a placeholder is while the codec reads the message around it. */
const STAND_INS: Readonly<Record<string, string>> = {
  DateTime: '1970-01-01T00:00:00Z',
  ByteString: '',
  BigInteger: '0000000000000000',
  TextString: '',
  Integer: '0',
  LongInteger: '0',
  Interval: '0',
};

function toTemplate(node: Node, path: string, names: TtlvNames): Template {
  try {
    return withPlaceholders(node, decodeXml(toXml(node), names));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    fail(path, node.line, `The message cannot be read: ${error.message}`);
  }
}

function placeholderOf({ attributes }: Node): string | undefined {
  const value = attributes['value'];
  return value !== undefined && /^\$[A-Z][A-Z0-9_]*([+-]\d+)?$/.test(value) ? value : undefined;
}

function toXml(node: Node): string {
  const isPlaceholder = placeholderOf(node) !== undefined;
  const attributes = Object.entries(node.attributes).map(([name, value]) => {
    const text = name === 'value' && isPlaceholder ? standIn(node) : repaired(node, name, value);
    return ` ${name}="${escaped(text)}"`;
  });
  return `<${node.name}${attributes.join('')}>${node.children.map(toXml).join('')}</${node.name}>`;
}

function standIn({ attributes }: Node): string {
  return STAND_INS[attributes['type'] ?? ''] ?? '';
}

/** Where the original lines were broken, names of attributes have several spaces. */
function repaired(node: Node, attribute: string, value: string): string {
  return node.name === 'AttributeName' && attribute === 'value'
    ? value.replaceAll(/ {2,}/g, ' ')
    : value;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function withPlaceholders(node: Node, item: TtlvItem): Template {
  const { tag } = item;
  if (item.type === 'Structure') {
    const items = item.value.map((child, position) => {
      const source = node.children[position];
      if (source === undefined) throw new RangeError('an element was lost');
      return withPlaceholders(source, child);
    });
    return { kind: 'structure', tag, items };
  }
  const text = placeholderOf(node);
  const type: Exclude<ItemType, 'Structure'> = item.type;
  return text === undefined
    ? { kind: 'value', tag, item }
    : { kind: 'placeholder', tag, type, text };
}

function versionOfFirst(exchanges: readonly Exchange[]): string {
  const [first] = exchanges;
  const headers = first === undefined ? [] : childrenOf(first.request, TAGS.RequestHeader);
  const version = headers.flatMap((header) => childrenOf(header, TAGS.ProtocolVersion))[0];
  const number = (tag: number) => {
    const leaf = version === undefined ? undefined : childrenOf(version, tag)[0];
    return leaf?.kind === 'value' ? String(leaf.item.value) : '?';
  };
  return `${number(TAGS.ProtocolVersionMajor)}.${number(TAGS.ProtocolVersionMinor)}`;
}

function fail(path: string, line: number, message: string): never {
  throw new TestCaseError(path, line, message);
}
