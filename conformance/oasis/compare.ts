/**
 * Compares a message with the one in the file. Strictly: what is not in the table of permitted variations
 * has to be equal, nothing may be missing and nothing may be more. Fields stand in the order of the file;
 * attributes, and what Query lists, are sets and may come in any order.
 */

import { OPERATIONS, TAGS, tagLabel, type Version } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { describeItem, describeTemplate, valueKey } from './describe-value.ts';
import type { KnownObjects } from './known-objects.ts';
import { batchItemsOf, objectOf } from './message-facts.ts';
import {
  type Allowed,
  isPermitted,
  type Place,
  SERVER_DATES,
  type Variation,
} from './permitted-variations.ts';
import {
  dateText,
  isIdentifier,
  isStable,
  type Placeholder,
  secondsFromNow,
  type Values,
} from './placeholders.ts';
import { childrenOf, itemsOf, type Template, type TemplateOf } from './test-case.ts';

export interface Difference {
  /** E.g. `ResponseMessage/BatchItem[1]/ResultReason`. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** What is known when a message is compared. */
export interface Circumstances {
  readonly version: Version;
  readonly values: Values;
  readonly objects: KnownObjects;
  /** The dates that were sent, by their text in the file or {@link dateText}. */
  readonly sentDates: ReadonlyMap<string, ReadonlySet<bigint>>;
  /** The server's clock during the case, from its Time Stamps, in POSIX seconds. */
  readonly serverTime: { readonly from: bigint; readonly until: bigint };
  /** The runner's own clock, in POSIX seconds. */
  readonly now: bigint;
  /** Other offsets in the place of the file's, by the file's. */
  readonly offsets: Readonly<Record<string, number>>;
  /** The request payload that a batch item of the message answers, by its position. */
  readonly requestPayload: (position: number) => TtlvItem | undefined;
  /** What this case may differ in beside what every case may. */
  readonly furtherVariations: readonly FurtherVariation[];
}

export type FurtherVariation = Pick<Variation, 'at' | 'allows'>;

/** How far the server's clock may be from the moment that the file names, in seconds. */
const TOLERANCE_SECONDS = 10n;
/** How far a Time Stamp may be from the runner's clock: time zones are wrong more often than days. */
const TIME_STAMP_TOLERANCE_SECONDS = 86_400n;

export interface Judgement {
  /** None when the message is as it has to be. */
  readonly differences: readonly Difference[];
  /** The values with those that the message gives; they count only if the message does. */
  readonly values: Values;
}

/** Says where a message is not as the file has it. */
export function compareMessage(
  expected: Template,
  actual: TtlvItem,
  circumstances: Circumstances,
): Judgement {
  const values = circumstances.values.fork();
  const differences = new Comparison({ ...circumstances, values }).message(expected, actual);
  return { differences, values };
}

type PlaceFacts = Pick<Place, 'operation' | 'request' | 'object' | 'isOtherDigest'>;

/** Where the comparison stands: in words for people, in words for rules, and in which batch item. */
interface Position extends PlaceFacts {
  readonly shown: string;
  readonly path: string;
}

const NO_FACTS: PlaceFacts = {
  operation: undefined,
  request: undefined,
  object: undefined,
  isOtherDigest: false,
};

class Comparison {
  readonly #given: Circumstances;

  constructor(circumstances: Circumstances) {
    this.#given = circumstances;
  }

  message(expected: Template, actual: TtlvItem): Difference[] {
    const path = tagLabel(expected.tag);
    const position: Position = { shown: path, path, ...NO_FACTS };
    if (actual.tag !== expected.tag) {
      return [{ path, expected: path, actual: tagLabel(actual.tag) }];
    }
    return this.#item(expected, actual, position);
  }

  #item(expected: Template, actual: TtlvItem, position: Position): Difference[] {
    const place = this.#place(position, expected, actual);
    if (this.#mayBe('anything', place)) return this.#unchanged(actual, position);
    const expectedType = typeOf(expected);
    if (expectedType !== actual.type) return [different(position, expected, actual)];
    if (expected.kind === 'placeholder')
      return this.#placeholder(expected, actual, position, place);
    if (expected.kind === 'structure') return this.#structure(expected, actual, position);
    if (this.#mayBe('value', place)) return [];
    if (this.#isPermittedDate(expected, actual, position)) return [];
    return valueKey(expected.item) === valueKey(actual)
      ? []
      : [different(position, expected, actual)];
  }

  #mayBe(kind: Allowed, place: Place): boolean {
    const { furtherVariations } = this.#given;
    return (
      isPermitted(kind, place) ||
      furtherVariations.some(({ at, allows }) => allows.includes(kind) && at.test(place.path))
    );
  }

  #place(position: Position, expected?: Template, actual?: TtlvItem): Place {
    const { version, objects } = this.#given;
    return { ...position, version, objects, expected, actual };
  }

  /** The value of an object may be any, but not another one each time. */
  #unchanged(actual: TtlvItem, { path, shown, object }: Position): Difference[] {
    if (!path.endsWith('/KeyMaterial')) return [];
    const format = path.replaceAll(/\[[^\]]*\]/g, '');
    const key = valueKey(actual);
    if (this.#given.objects.isUnchanged(object, `${format} ${actual.type}`, key)) return [];
    return [{ path: shown, expected: 'the value that was sent before', actual: 'another value' }];
  }

  #placeholder(
    expected: Placeholder,
    actual: TtlvItem,
    position: Position,
    place: Place,
  ): Difference[] {
    const { text } = expected;
    const { values } = this.#given;
    if (secondsFromNow(text) !== undefined) {
      return this.#isDate(expected, actual, position)
        ? []
        : [different(position, expected, actual)];
    }
    const bound = values.get(text);
    const isFixed = isStable(text) || isIdentifier(text);
    if (bound !== undefined && isFixed && !this.#mayBe('value', place)) {
      if (valueKey(bound) === valueKey(actual)) return [];
      const wanted = `${text} = ${describeItem(bound)}`;
      return [{ path: position.shown, expected: wanted, actual: describeItem(actual) }];
    }
    const other = isIdentifier(text) ? values.otherNameOf(text, actual) : undefined;
    if (other !== undefined) {
      const wanted = `${text}, a new identifier`;
      const found = `${describeItem(actual)}, which is ${other}`;
      return [{ path: position.shown, expected: wanted, actual: found }];
    }
    values.bind(text, actual);
    return [];
  }

  /** A `$NOW` form: the moment that was sent, or one at which the server has worked on this case. */
  #isDate({ text }: Placeholder, actual: TtlvItem, { path }: Position): boolean {
    if (actual.type !== 'DateTime') return false;
    const { now, serverTime, sentDates, offsets } = this.#given;
    if (path.endsWith('Header/TimeStamp')) {
      return isWithin(actual.value, now, now, TIME_STAMP_TOLERANCE_SECONDS);
    }
    if (sentDates.get(text)?.has(actual.value) === true) return true;
    const offset = BigInt(offsets[text] ?? secondsFromNow(text) ?? 0);
    const { from, until } = serverTime;
    return isWithin(actual.value, from + offset, until + offset, TOLERANCE_SECONDS);
  }

  /** A date of a recording: any other will do, unless a request has fixed it. */
  #isPermittedDate({ item }: TemplateOf<'value'>, actual: TtlvItem, { path }: Position): boolean {
    if (item.type !== 'DateTime' || actual.type !== 'DateTime') return false;
    if (path.endsWith('Header/TimeStamp')) {
      return isWithin(actual.value, this.#given.now, this.#given.now, TIME_STAMP_TOLERANCE_SECONDS);
    }
    return SERVER_DATES.test(path) && !this.#given.sentDates.has(dateText(item.value));
  }

  #structure(
    expected: TemplateOf<'structure'>,
    actual: TtlvItem,
    position: Position,
  ): Difference[] {
    const received = actual.type === 'Structure' ? actual.value : [];
    const facts = this.#factsIn(expected, actual, position);
    const differences: Difference[] = [];
    const groups = new Map<string, { expected: Template[]; actual: TtlvItem[] }>();
    const groupOf = (key: string) => {
      const group = groups.get(key) ?? { expected: [], actual: [] };
      groups.set(key, group);
      return group;
    };
    for (const item of expected.items)
      groupOf(this.#keyOfTemplate(item, position)).expected.push(item);
    for (const item of received) groupOf(this.#keyOfItem(item, position)).actual.push(item);
    for (const [key, group] of groups) {
      const inside = { ...position, ...facts, path: `${position.path}/${key}` };
      const isSet = key.includes('[') || expected.tag === TAGS.Attributes;
      differences.push(...this.#group(group.expected, group.actual, inside, key, isSet));
    }
    if (differences.length === 0 && expected.tag !== TAGS.Attributes) {
      differences.push(...orderOf(expected, received, position));
    }
    return differences;
  }

  #group(
    expected: readonly Template[],
    actual: readonly TtlvItem[],
    position: Position,
    key: string,
    isSet: boolean,
  ): Difference[] {
    const differences: Difference[] = [];
    const rest = [...actual];
    const isList = expected.length > 1 || actual.length > 1;
    const at = (index: number): Position => {
      const parent = position.shown;
      const shown = isList ? `${parent}/${key}[${index}]` : `${parent}/${key}`;
      return this.#inBatchItem({ ...position, shown }, index);
    };
    for (const [index, wanted] of expected.entries()) {
      const here = at(index);
      const found = isSet
        ? this.#bestOf(wanted, rest, here)
        : this.#afterExtras(wanted, rest, here);
      if (found === undefined) {
        if (!this.#mayBe('absent', this.#place(here, wanted))) {
          const shown = describeTemplate(wanted);
          differences.push({ path: here.shown, expected: shown, actual: '(missing)' });
        }
        continue;
      }
      rest.splice(rest.indexOf(found), 1);
      differences.push(...this.#item(wanted, found, here));
    }
    for (const [index, item] of rest.entries()) {
      const here = at(expected.length + index);
      if (this.#mayBe('extra', this.#place(here, undefined, item))) continue;
      differences.push({ path: here.shown, expected: '(nothing)', actual: describeItem(item) });
    }
    return differences;
  }

  /** Of several instances, the one that is as it should be, else the first. */
  #bestOf(wanted: Template, items: readonly TtlvItem[], position: Position): TtlvItem | undefined {
    if (items.length < 2) return items[0];
    return items.find((item) => this.#isEqual(wanted, item, position)) ?? items[0];
  }

  /** The next of a list in which more may stand than in the file; what stands before it is taken away. */
  #afterExtras(wanted: Template, rest: TtlvItem[], position: Position): TtlvItem | undefined {
    const mayBeMore = (item: TtlvItem) =>
      this.#mayBe('extra', this.#place(position, undefined, item));
    const index = rest.findIndex(
      (item) => !mayBeMore(item) || this.#isEqual(wanted, item, position),
    );
    if (index > 0) rest.splice(0, index);
    return rest[0];
  }

  #isEqual(wanted: Template, item: TtlvItem, position: Position): boolean {
    const values = this.#given.values.fork();
    const trial = new Comparison({ ...this.#given, values });
    return trial.#item(wanted, item, position).length === 0;
  }

  /** Facts that hold for all items of a structure. */
  #factsIn(expected: Template, actual: TtlvItem, position: Position): Partial<PlaceFacts> {
    const [batchItem] = expected.tag === TAGS.BatchItem ? batchItemsOf(wrapped(actual)) : [];
    if (batchItem !== undefined) {
      const { operation, payload } = batchItem;
      return { operation, object: objectOf(position.request, payload) };
    }
    const algorithm = (item: TtlvItem | undefined) => (item === undefined ? '' : valueKey(item));
    const [wanted] = childrenOf(expected, TAGS.HashingAlgorithm);
    if (wanted?.kind !== 'value') return {};
    const [found] = itemsOf(actual, TAGS.HashingAlgorithm);
    return { isOtherDigest: algorithm(wanted.item) !== algorithm(found) };
  }

  #inBatchItem(position: Position, index: number): Position {
    if (!/^\w+Message\/BatchItem$/.test(position.path)) return position;
    return { ...position, request: this.#given.requestPayload(index) };
  }

  #keyOfItem(item: TtlvItem, position: Position): string {
    return keyOf(item.tag, position, (...tags) => {
      const [found] = tags.length === 0 ? [item] : tags.flatMap((tag) => itemsOf(item, tag));
      return found === undefined || found.type === 'Structure' ? undefined : describeItem(found);
    });
  }

  #keyOfTemplate(item: Template, position: Position): string {
    return keyOf(item.tag, position, (...tags) => {
      const [found] = tags.length === 0 ? [item] : tags.flatMap((tag) => childrenOf(item, tag));
      return found?.kind === 'value' ? describeItem(found.item) : undefined;
    });
  }
}

/** Whether items of a tag are a set, in which each is known by its value. */
function isSetByValue(tag: number, { path, operation }: Position): boolean {
  if (tag === TAGS.AttributeName || tag === TAGS.AttributeReference)
    return path.endsWith('Payload');
  if (tag !== TAGS.Operation && tag !== TAGS.ObjectType) return false;
  return path.endsWith('/ResponsePayload') && operation === OPERATIONS.Query.value;
}

/** What items are matched by: the tag, for members of a set also what tells them apart. */
function keyOf(
  tag: number,
  parent: Position,
  textOf: (...tags: readonly number[]) => string | undefined,
): string {
  const name = tagLabel(tag);
  if (tag === TAGS.Attribute) {
    const vendor = textOf(TAGS.VendorIdentification);
    const attribute = textOf(TAGS.AttributeName) ?? '';
    return `${name}[${vendor === undefined ? attribute : `${vendor}/${attribute}`}]`;
  }
  if (!isSetByValue(tag, parent)) return name;
  return `${name}[${textOf() ?? ''}]`;
}

function wrapped(batchItem: TtlvItem): TtlvItem {
  return { tag: TAGS.ResponseMessage, type: 'Structure', value: [batchItem] };
}

function orderOf(
  expected: TemplateOf<'structure'>,
  received: readonly TtlvItem[],
  { shown }: Position,
): Difference[] {
  const tags = (
    items: readonly { readonly tag: number }[],
    others: readonly { readonly tag: number }[],
  ) =>
    items
      .map(({ tag }) => tag)
      .filter((tag) => others.some((other) => other.tag === tag))
      .filter((tag, index, all) => all.indexOf(tag) === index)
      .map(tagLabel)
      .join(', ');
  const wanted = tags(expected.items, received);
  const found = tags(received, expected.items);
  return wanted === found ? [] : [{ path: shown, expected: `in order: ${wanted}`, actual: found }];
}

function typeOf(template: Template): TtlvItem['type'] {
  if (template.kind === 'structure') return 'Structure';
  return template.kind === 'value' ? template.item.type : template.type;
}

function different({ shown }: Position, expected: Template, actual: TtlvItem): Difference {
  return { path: shown, expected: describeTemplate(expected), actual: describeItem(actual) };
}

function isWithin(value: bigint, from: bigint, until: bigint, tolerance: bigint): boolean {
  return value >= from - tolerance && value <= until + tolerance;
}
