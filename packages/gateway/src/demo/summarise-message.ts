/** A KMIP message in a few lines: the operations, and what they ask for or answer. Keys stay hidden. */
import { createKmipNames, TAGS } from '@claviger/kmip-protocol';
import { decodeTtlv, type TtlvItem, type TtlvNames } from '@claviger/ttlv-codec';

export interface SummarisedItem {
  readonly operation: string;
  /** Of an answer: `Success`, or the Result Reason of a refusal. */
  readonly result: string | undefined;
  readonly details: readonly (readonly [name: string, value: string])[];
}

export interface MessageSummary {
  readonly direction: 'request' | 'response';
  readonly bytes: number;
  readonly version: string;
  readonly items: readonly SummarisedItem[];
}

const SECRET_TAGS: ReadonlySet<number> = new Set([TAGS.KeyMaterial]);
const SHOWN_BYTES = 16;

/** @throws TtlvError when the bytes are no message. */
export function summariseMessage(
  direction: MessageSummary['direction'],
  bytes: Uint8Array,
): MessageSummary {
  const names = createKmipNames();
  const message = decodeTtlv(bytes);
  const header = childrenOf(message)[0];
  const version = find(header, TAGS.ProtocolVersion);
  return {
    direction,
    bytes: bytes.length,
    version: versionText(version),
    items: childrenOf(message)
      .filter(({ tag }) => tag === TAGS.BatchItem)
      .map((item) => summariseItem(item, names)),
  };
}

function summariseItem(item: TtlvItem, names: TtlvNames): SummarisedItem {
  const reason = find(item, TAGS.ResultReason) ?? find(item, TAGS.ResultStatus);
  const said = find(item, TAGS.ResultMessage);
  const payload = find(item, TAGS.RequestPayload) ?? find(item, TAGS.ResponsePayload);
  return {
    operation: textOf(find(item, TAGS.Operation), names),
    result: reason === undefined ? undefined : textOf(reason, names),
    details: joinRepeated([
      ...childrenOf(payload).flatMap((child) => detailsOf(child, names)),
      ...(said === undefined ? [] : [['Message', textOf(said, names)] as const]),
    ]),
  };
}

type Details = SummarisedItem['details'];

/** What is repeated stands once, with all its values. */
function joinRepeated(details: Details): Details {
  const joined = new Map<string, string>();
  for (const [name, value] of details) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return [...joined];
}

/** Leaves with their tags; an attribute of KMIP 1.x is one detail, by its own name. */
function detailsOf(item: TtlvItem, names: TtlvNames): Details {
  if (item.type !== 'Structure') {
    return [[tagText(item.tag, names), textOf(item, names)]];
  }
  if (item.tag === TAGS.ProtocolVersion) return [['Protocol Version', versionText(item)]];
  const attributeName = find(item, TAGS.AttributeName);
  const attributeValue = find(item, TAGS.AttributeValue);
  if (attributeName?.type === 'TextString' && attributeValue !== undefined) {
    return [[attributeName.value, textOf(attributeValue, names, attributeName.value)]];
  }
  return item.value.flatMap((child) => detailsOf(child, names));
}

function textOf(item: TtlvItem | undefined, names: TtlvNames, attributeName?: string): string {
  if (item === undefined) return '';
  const context = { tag: item.tag, attributeName };
  switch (item.type) {
    case 'Enumeration':
      return names.enumerationName(context, item.value) ?? `0x${item.value.toString(16)}`;
    case 'Integer': {
      const bits = [...(names.maskBits(context) ?? [])].filter(
        ([, bit]) => (item.value & bit) !== 0,
      );
      return bits.length === 0 ? String(item.value) : bits.map(([name]) => name).join(', ');
    }
    case 'ByteString':
      return SECRET_TAGS.has(item.tag) || item.value.length > SHOWN_BYTES
        ? `(${item.value.length} bytes, hidden)`
        : Buffer.from(item.value).toString('hex');
    case 'Structure':
      return item.value.map((child) => textOf(child, names, attributeName)).join(' ');
    default:
      return String(item.value);
  }
}

function versionText(protocolVersion: TtlvItem | undefined): string {
  return childrenOf(protocolVersion)
    .map(({ value }) => String(value))
    .join('.');
}

/** The name of a tag as the specification writes it: `UniqueIdentifier` is Unique Identifier. */
function tagText(tag: number, names: TtlvNames): string {
  return (names.tagName(tag) ?? tag.toString(16)).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

function childrenOf(item: TtlvItem | undefined): readonly TtlvItem[] {
  return item?.type === 'Structure' ? item.value : [];
}

function find(item: TtlvItem | undefined, tag: number): TtlvItem | undefined {
  return childrenOf(item).find((child) => child.tag === tag);
}
