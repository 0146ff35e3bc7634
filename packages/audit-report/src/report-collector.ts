/**
 * Gathers a report from events and inventory, one at a time: what is kept is bounded, however many there
 * are. What falls outside of an excerpt is counted.
 */
import { type AuditEvent, parseEventTime } from '@claviger/audit-emitter';
import { FRAMEWORKS, type FrameworkId } from './frameworks.ts';
import type {
  AuditReport,
  EventRow,
  Excerpt,
  InitiatorRow,
  InventoryCertificate,
  InventoryKey,
  InventoryRootKey,
  VerificationResult,
} from './report.ts';

export interface ReportOptions {
  readonly framework: FrameworkId;
  /** Milliseconds since the epoch: from `from` on, before `to`. */
  readonly from: number;
  readonly to: number;
  readonly now: number;
  /** CRN or name of the instance. */
  readonly instance: string;
  /** Rows of each excerpt; 200 unless told. */
  readonly maxRows?: number;
}

export interface ReportCollector {
  /** In the order of the log. Events outside of the period are passed over. */
  addEvent(event: AuditEvent): void;
  addKey(key: InventoryKey): void;
  addCertificate(certificate: InventoryCertificate): void;
  addRootKey(rootKey: InventoryRootKey): void;
  finish(verification: VerificationResult): AuditReport;
}

const DEFAULT_MAX_ROWS = 200;
/** Different initiators, actions and reasons that are told apart; the others are one. */
const MAX_GROUPS = 2000;
const OTHERS = '(others)';
const MAX_ADDRESSES = 4;
const DAY_MS = 86_400_000;

const AGES: readonly (readonly [label: string, belowDays: number])[] = [
  ['up to 90 days', 90],
  ['90 days to 1 year', 365],
  ['1 to 2 years', 730],
  ['more than 2 years', Number.POSITIVE_INFINITY],
];

/** Life of keys that virtual machines use. */
const LIFECYCLE =
  /^(?:hs-crypto\.kmip-key\.(?:create|activate|revoke|destroy)|claviger\.kmip-key\.(?:archive|recover))$/;
/** Who may come in (adapters, certificates, authorities, API keys), and who read the log. */
const ACCESS =
  /^(?:hs-crypto\.kmip-management\.(?:create|delete)|hs-crypto\.mtlscert-.*\.(?:create|update|set|delete)|claviger\.(?:apikey|credential)\.(?:create|revoke|delete)|claviger\.audit-events\.(?:read|delete))$/;
/** Root keys, policies, the key of the log, and the hardware beneath. */
const ROOT_KEYS =
  /^(?:hs-crypto\.(?:secrets(?:-alias)?\.(?:create|delete|enable|disable|rotate|restore|purge|expire|patch|setkeyfordeletion|unsetkeyfordeletion)|policies\.write|instance-policies\.write|tke-.*)|claviger\.audit-log-key\.rotate)$/;

export function createReportCollector(options: ReportOptions): ReportCollector {
  const { framework, from, to, now, maxRows = DEFAULT_MAX_ROWS } = options;
  const { title: frameworkTitle, controls } = FRAMEWORKS[framework];
  let events = 0;
  const byState = createCounter();
  const byAge = createCounter(AGES.map(([label]) => label));
  const byAction = createCounter();
  const byReason = createCounter();
  const keys = createExcerpt<AuditReport['inventory']['keys']['rows'][number]>(maxRows);
  const lifecycle = createExcerpt<EventRow>(maxRows);
  const changes = createExcerpt<EventRow>(maxRows);
  const refusals = createExcerpt<EventRow>(maxRows);
  const rootKeyChanges = createExcerpt<EventRow>(maxRows);
  const certificates =
    createExcerpt<AuditReport['access']['certificates']['rows'][number]>(maxRows);
  const rootKeys = createExcerpt<AuditReport['rootKeys']['keys']['rows'][number]>(maxRows);
  const initiators = new Map<string, InitiatorRow>();

  function seen(event: AuditEvent, time: string): void {
    const id =
      initiators.has(event.initiator.id) || initiators.size < MAX_GROUPS
        ? event.initiator.id
        : OTHERS;
    const known = initiators.get(id);
    const address = event.initiator.host?.address;
    const addresses = known?.addresses ?? [];
    const isNew =
      address !== undefined && !addresses.includes(address) && addresses.length < MAX_ADDRESSES;
    initiators.set(id, {
      id,
      name: id === OTHERS ? OTHERS : event.initiator.name,
      firstSeen: known?.firstSeen ?? time,
      lastSeen: time,
      events: (known?.events ?? 0) + 1,
      failures: (known?.failures ?? 0) + (event.outcome === 'failure' ? 1 : 0),
      addresses: isNew ? [...addresses, address] : addresses,
    });
  }

  return {
    addEvent(event) {
      const at = parseEventTime(event.eventTime);
      if (at === undefined || at < from || at >= to) return;
      const time = isoTime(at);
      const { action } = event;
      events += 1;
      seen(event, time);
      const row = rowOf(event, time);
      if (LIFECYCLE.test(action)) {
        byAction.count(action);
        lifecycle.add(row);
      }
      if (ACCESS.test(action)) changes.add(row);
      if (ROOT_KEYS.test(action)) rootKeyChanges.add(row);
      if (event.outcome === 'failure') {
        byReason.count(`${event.reason.reasonCode} ${event.reason.reasonType}`);
        refusals.add(row);
      }
    },
    addKey({ createdAt, ...key }) {
      const ageDays = Math.max(0, Math.floor((now - createdAt) / DAY_MS));
      byState.count(key.state);
      byAge.count(AGES.find(([, belowDays]) => ageDays < belowDays)?.[0] ?? OTHERS);
      keys.add({ ...key, createdAt: isoTime(createdAt), ageDays });
    },
    addCertificate({ notAfter, ...certificate }) {
      certificates.add({ ...certificate, notAfter: isoTime(notAfter) });
    },
    addRootKey({ createdAt, lastRotateAt, ...rootKey }) {
      rootKeys.add({
        ...rootKey,
        createdAt: isoTime(createdAt),
        lastRotateAt: lastRotateAt === null ? null : isoTime(lastRotateAt),
      });
    },
    finish: (verification) => ({
      title: 'Audit report of the key manager',
      framework,
      frameworkTitle,
      controls,
      instance: options.instance,
      madeAt: isoTime(now),
      from: isoTime(from),
      to: isoTime(to),
      events,
      verification,
      inventory: { byState: byState.counts(), byAge: byAge.counts(), keys: keys.excerpt() },
      lifecycle: { byAction: byAction.counts(), events: lifecycle.excerpt() },
      access: {
        initiators: firstOf([...initiators.values()], maxRows),
        certificates: certificates.excerpt(),
        changes: changes.excerpt(),
      },
      refusals: { byReason: byReason.counts(), events: refusals.excerpt() },
      rootKeys: { keys: rootKeys.excerpt(), changes: rootKeyChanges.excerpt() },
    }),
  };
}

function rowOf(event: AuditEvent, time: string): EventRow {
  const { action, outcome, severity, initiator, target, reason, id } = event;
  return {
    time,
    action,
    outcome,
    severity,
    initiator: initiator.name,
    target: target.name === '' ? target.typeURI : target.name,
    reasonCode: reason.reasonCode,
    reason: reason.reasonForFailure ?? '',
    id,
  };
}

/** Keeps the newest rows. */
function createExcerpt<T>(maxRows: number) {
  let total = 0;
  let rows: T[] = [];
  return {
    add(row: T): void {
      total += 1;
      rows.push(row);
      // Cut now and then, so that each row costs the same.
      if (rows.length >= 2 * maxRows) rows = rows.slice(-maxRows);
    },
    excerpt: (): Excerpt<T> => ({ total, rows: rows.slice(-maxRows) }),
  };
}

function createCounter(labels: readonly string[] = []) {
  const counts = new Map<string, number>(labels.map((label) => [label, 0]));
  return {
    count(label: string): void {
      const known = counts.has(label) || counts.size < MAX_GROUPS ? label : OTHERS;
      counts.set(known, (counts.get(known) ?? 0) + 1);
    },
    counts: (): Readonly<Record<string, number>> => Object.fromEntries(counts),
  };
}

function firstOf<T>(all: readonly T[], maxRows: number): Excerpt<T> {
  return { total: all.length, rows: all.slice(0, maxRows) };
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
