/** What a report is made of, read from a data directory: the log, what is kept now, and whether it is whole. */
import { InvalidEventError, parseAuditEvent } from '@claviger/audit-emitter';
import { verifyBundle } from '@claviger/audit-log';
import {
  type AuditReport,
  createReportCollector,
  type FrameworkId,
  type ReportCollector,
  type VerificationResult,
} from '@claviger/audit-report';
import type { EventRecord } from '@claviger/key-store';
import { storedObjects } from '@claviger/kmip-server';
import { sealedLog } from '../../audit-log/seal-log.ts';
import { createStoreSource } from '../../audit-log/store-source.ts';
import type { Installation } from '../../installation.ts';

export interface ReportPeriod {
  readonly framework: FrameworkId;
  /** Milliseconds since the epoch: from `from` on, before `to`. */
  readonly from: number;
  readonly to: number;
  readonly onProgress: (events: number) => void;
}

const PAGE = 500;
const EVENT_PAGE = 1000;
const MAX_FINDINGS = 20;

/**
 * Seals the log first, so that no event of the report is without a seal.
 *
 * @throws Failure `data` when the log cannot be sealed; AuditLogError `inaccessible`.
 */
export async function gatherReport(
  installation: Installation,
  { framework, from, to, onProgress }: ReportPeriod,
): Promise<AuditReport> {
  const { store, ambient, instanceId } = installation;
  const now = ambient.clock.now();
  const collector = createReportCollector({ framework, from, to, now, instance: instanceId });
  // What the report tells is sealed, up to its last event.
  const { checkpoint } = await sealedLog(installation);
  const source = await createStoreSource(store);
  const found = await verifyBundle(source, { maxFindings: MAX_FINDINGS, onProgress });
  const unreadable = await addEvents(installation, collector, { from, to, size: checkpoint.size });
  const adapters = await addAccess(installation, collector);
  await addKeys(installation, collector, adapters, now);
  await addRootKeys(installation, collector);

  const findings = [...found.findings.map(({ message }) => message), ...unreadable.slice(0, 1)];
  const verification: VerificationResult = {
    isWhole: found.isWhole && unreadable.length === 0,
    findings,
    findingCount: found.findingCount + unreadable.length,
    treeSize: found.treeSize ?? null,
    rootHash: found.rootHash ?? null,
    trustedKey: found.trustedKey ?? null,
    checkpoint: (await source.checkpoint()) ?? null,
  };
  return collector.finish(verification);
}

/** @returns a sentence for each event that is none: it was changed where it is kept. */
async function addEvents(
  { store }: Installation,
  collector: ReportCollector,
  { from, to, size }: { readonly from: number; readonly to: number; readonly size: number },
): Promise<readonly string[]> {
  const unreadable: string[] = [];
  let afterSequence: number | undefined = 0;
  while (afterSequence !== undefined) {
    const page = await store.queryEvents({
      order: 'oldest-first',
      limit: EVENT_PAGE,
      since: from,
      until: to,
      afterSequence,
    });
    for (const record of page.events) {
      if (record.sequence > size) return unreadable;
      const event = eventOf(record);
      if (event !== undefined) collector.addEvent(event);
      else if (unreadable.length < MAX_FINDINGS) {
        unreadable.push(`Event ${record.sequence} cannot be read.`);
      }
    }
    afterSequence = page.nextSequence;
  }
  return unreadable;
}

function eventOf({ body }: EventRecord) {
  try {
    return parseAuditEvent(JSON.parse(body));
  } catch (error) {
    if (error instanceof InvalidEventError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @returns names of adapters by their ids. */
async function addAccess(
  { store }: Installation,
  collector: ReportCollector,
): Promise<ReadonlyMap<string, string>> {
  const adapters = new Map((await store.listAdapters()).map(({ id, name }) => [id, name]));
  for (const certificate of await store.listCertificates(undefined)) {
    const { adapterId, name, fingerprintSha256, notAfter } = certificate;
    const adapter = adapters.get(adapterId) ?? adapterId;
    collector.addCertificate({ adapter, name, fingerprintSha256, notAfter });
  }
  return adapters;
}

async function addKeys(
  { store }: Installation,
  collector: ReportCollector,
  adapters: ReadonlyMap<string, string>,
  now: number,
): Promise<void> {
  for (let offset = 0; ; offset += PAGE) {
    const objects = await store.listObjects(undefined, { offset, limit: PAGE });
    for (const { id, adapterId, objectType, attributes, createdAt } of objects) {
      const values = new Map(
        storedObjects.attributesOf(attributes).map(({ name, value }) => [name, value]),
      );
      const length = values.get('Cryptographic Length');
      collector.addKey({
        id,
        type: objectType,
        state: storedObjects.stateAt(attributes, now),
        algorithm: String(values.get('Cryptographic Algorithm') ?? ''),
        lengthBits: typeof length === 'number' ? length : null,
        adapter: adapters.get(adapterId) ?? adapterId,
        createdAt,
      });
    }
    if (objects.length < PAGE) return;
  }
}

async function addRootKeys({ store }: Installation, collector: ReportCollector): Promise<void> {
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await store.pageRootKeys({ offset, limit: PAGE, extractable: false });
    for (const { id, name, state, createdAt, lastRotateAt } of items) {
      collector.addRootKey({ id, name, state, createdAt, lastRotateAt });
    }
    if (items.length < PAGE) return;
  }
}
