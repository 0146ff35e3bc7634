/** How a failure is told: in one line, and with request, expected and actual message. */

import { TAGS } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import type { Difference } from './compare.ts';
import { describeItem, describeMessage } from './describe-value.ts';
import { batchItemsOf } from './message-facts.ts';
import { type Exchange, itemsOf, type Template } from './test-case.ts';

/** Where a case has failed. */
export interface Failure {
  /** One line. */
  readonly reason: string;
  /** Line of the request in the file. */
  readonly line: number;
  /** Request, expected and actual message, with the differences; several lines. */
  readonly report: string;
}

/** One try of an exchange. */
export interface Attempt {
  readonly request: TtlvItem | undefined;
  readonly response: TtlvItem | undefined;
  readonly differences: readonly Difference[];
}

/** Tells of the first difference. */
export function failureOf(
  exchange: Exchange,
  { request, response, differences }: Attempt,
): Failure {
  const [first] = differences;
  const { path, expected, actual } = first ?? { path: '', expected: '', actual: '' };
  const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : '';
  const messages: [string, TtlvItem | Template | undefined][] =
    exchange.asker === 'client'
      ? [
          ['request', request],
          ['expected', exchange.response],
          ['actual', response],
        ]
      : [
          ['expected', exchange.request],
          ['actual', request],
        ];
  const shown = messages.map(
    ([name, message]) =>
      `${name}:\n${message === undefined ? '(none)\n' : describeMessage(message)}`,
  );
  const list = differences.map(
    (each) => `${each.path}\n  expected: ${each.expected}\n  actual:   ${each.actual}\n`,
  );
  return {
    reason: `line ${exchange.line}: ${path}: expected ${expected}, got ${actual}${more}${wordsOf(response)}`,
    line: exchange.line,
    report: [...list, ...shown].join(''),
  };
}

/** Why the server has refused, in its own words. */
function wordsOf(response: TtlvItem | undefined): string {
  const items = response === undefined ? [] : batchItemsOf(response);
  const words = items
    .filter(({ isSuccess, isPending }) => !isSuccess && !isPending)
    .flatMap(({ item }) =>
      [TAGS.ResultReason, TAGS.ResultMessage].flatMap((tag) => itemsOf(item, tag)),
    )
    .map(describeItem);
  return words.length === 0 ? '' : `; the server says: ${words.join(', ')}`;
}

/** Tells of an exchange that did not come to an answer. */
export function failedBecause(exchange: Exchange, message: string): Failure {
  const report = `${message}\nrequest:\n${describeMessage(exchange.request)}`;
  return { reason: `line ${exchange.line}: ${message}`, line: exchange.line, report };
}
