/** Runs the items of a message in their order (Batch Error Continuation Option: 1.4 §6.13). */

import { ClavigerError, type RequestBatchItem } from '@claviger/kmip-protocol';
import { stateAt } from '../lifecycle/state.ts';
import type { AuditSubject } from '../operations/operation-handler.ts';
import { roughSize } from './answer-size.ts';
import type { EarlierAnswer } from './batch-references.ts';
import type { MessageContext } from './message-context.ts';
import { type ItemOutcome, runItem } from './run-item.ts';

export type ErrorContinuation = 'Stop' | 'Continue' | 'Undo';

/** How an item ended in the end; what was `undone` had succeeded. */
export type FinalOutcome =
  | ItemOutcome
  | {
      readonly kind: 'undone';
      readonly because: ClavigerError;
      /** The object that it was about, as it is again. */
      readonly subject: AuditSubject | undefined;
    };

/** An item that ran. */
export interface RanItem {
  readonly item: RequestBatchItem;
  readonly outcome: FinalOutcome;
}

/**
 * Items after a failure are not run, and not answered, under Stop and Undo. Under Undo what had been
 * done is taken back. Results of the successful items are saved in the workspace.
 *
 * @param maxAnswerBytes - When the answer grows far beyond it, everything is taken back and fails.
 */
export async function runBatch(
  message: MessageContext,
  items: readonly RequestBatchItem[],
  continuation: ErrorContinuation,
  maxAnswerBytes: number,
): Promise<readonly RanItem[]> {
  const ran: RanItem[] = [];
  const answers: EarlierAnswer[] = [];
  let idPlaceholder: string | null | undefined;
  let answerBytes = 0;
  for (const item of items) {
    const outcome = await runItem(message, item, { idPlaceholder, answers });
    ran.push({ item, outcome });
    if (outcome.kind === 'success') {
      message.workspace.save(outcome.save);
      if (outcome.rules !== undefined) message.workspace.saveRules(outcome.rules);
      if (outcome.clientCertificate !== undefined) {
        message.workspace.replaceClientCertificate(outcome.clientCertificate);
      }
      answers.push({ operation: item.operation, payload: outcome.payload });
      if (outcome.idPlaceholder !== undefined) idPlaceholder = outcome.idPlaceholder;
      answerBytes += roughSize(outcome.payload);
      if (answerBytes > 2 * maxAnswerBytes) {
        return await failAll(message, ran, answerTooLarge(answerBytes, maxAnswerBytes));
      }
      continue;
    }
    if (continuation === 'Stop') break;
    if (continuation === 'Undo') return await undo(message, ran, outcome.error);
  }
  return ran;
}

/** Takes everything back; items that had succeeded are undone because of the error. */
async function undo(
  message: MessageContext,
  ran: readonly RanItem[],
  because: ClavigerError,
): Promise<readonly RanItem[]> {
  message.workspace.discard();
  message.streams.discard();
  message.rounds.discard();
  message.tickets.discard();
  message.applications.discard();
  message.queue.discard();
  return await Promise.all(
    ran.map(async ({ item, outcome }) => {
      if (outcome.kind !== 'success') return { item, outcome };
      const subject = await subjectNow(message, outcome.audit.subject);
      return { item, outcome: { kind: 'undone', because, subject } as const };
    }),
  );
}

/** Takes everything back; items that had succeeded fail with the error. */
export async function failAll(
  message: MessageContext,
  ran: readonly RanItem[],
  error: ClavigerError,
): Promise<readonly RanItem[]> {
  const undone = await undo(message, ran, error);
  return undone.map(({ item, outcome }) =>
    outcome.kind === 'undone'
      ? {
          item,
          outcome: { kind: 'failure', error, subject: outcome.subject, missingId: undefined },
        }
      : { item, outcome },
  );
}

/** The object as it is without the message; undefined when only the message made it. */
async function subjectNow(
  { workspace, nowSeconds }: MessageContext,
  subject: AuditSubject | undefined,
): Promise<AuditSubject | undefined> {
  const object = subject && (await workspace.read(subject.id));
  return object && { ...subject, state: stateAt(object, nowSeconds) };
}

/** @param bytes - Of the answer, or of as much of it as there was. */
export function answerTooLarge(bytes: number, maximum: number): ClavigerError {
  return new ClavigerError(
    'response-too-large',
    `the answer has ${bytes} bytes, and ${maximum} are allowed; ask for less at a time`,
  );
}
