/**
 * The report as one page that needs nothing else: no script, no image, no font from elsewhere. Its policy
 * (CSP) allows its own style alone, so text that got past the escaping could still do nothing.
 */
import { createHash } from 'node:crypto';
import { escapeText } from './escape-text.ts';
import { SECTION_TITLES, type SectionId } from './frameworks.ts';
import type { AuditReport, EventRow, Excerpt, VerificationResult } from './report.ts';
import { REPORT_STYLE } from './report-style.ts';

/** How a value of a column is shown. */
type Kind = 'text' | 'id' | 'time' | 'number' | 'action';

interface Column<T> {
  readonly title: string;
  readonly kind?: Kind;
  value(row: T): string | number | null;
  /** Class of the cell, for words that must be seen. */
  mark?(row: T): string;
}

/** @returns HTML of the whole page. */
export function reportPage(report: AuditReport): string {
  const styleHash = createHash('sha256').update(REPORT_STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  const sections: Readonly<Record<SectionId, string>> = {
    integrity: integrity(report.verification),
    inventory: inventory(report),
    lifecycle: lifecycle(report),
    access: access(report),
    refusals: refusals(report),
    rootKeys: rootKeys(report),
  };
  const ids = Object.keys(SECTION_TITLES).filter(isSectionId);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeText(`${report.title}: ${report.frameworkTitle}`)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    '</head>',
    '<body>',
    header(report),
    controls(report),
    ...ids.map((id) => `<h2 id="${id}">${SECTION_TITLES[id]}</h2>\n${sections[id]}`),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function isSectionId(text: string): text is SectionId {
  return Object.hasOwn(SECTION_TITLES, text);
}

function header({
  title,
  frameworkTitle,
  instance,
  from,
  to,
  madeAt,
  events,
}: AuditReport): string {
  return `<h1>${escapeText(title)}</h1>
<p class="sub">${escapeText(frameworkTitle)}</p>
${facts([
  ['Instance', instance],
  ['Period', `${minute(from)} up to ${minute(to)} UTC`],
  ['Events', count(events)],
  ['Made', `${minute(madeAt)} UTC`],
])}`;
}

function controls({ controls: all }: AuditReport): string {
  const rows = all.map(({ id, topic, sections }) => {
    const links = sections.map((section) => `<a href="#${section}">${SECTION_TITLES[section]}</a>`);
    return `<tr><td>${escapeText(id)}</td><td>${escapeText(topic)}</td><td>${links.join(', ')}</td></tr>`;
  });
  return `<h2>Controls and their evidence</h2>
<table><thead><tr><th>Control</th><th>What it is about</th><th>Evidence here</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>
<p class="note">The numbers refer to the edition named above. Compare them with your licensed copy of the standard. The report is evidence of what was recorded; whether a control is met is for the auditor to judge.</p>`;
}

function integrity(found: VerificationResult): string {
  const { isWhole, findings, findingCount, treeSize, rootHash, trustedKey, checkpoint } = found;
  const verdict = isWhole
    ? '<p class="verdict good">The log is whole: no event was removed, changed, reordered or inserted.</p>'
    : `<p class="verdict bad">The log is not whole: ${count(findingCount)} ${findingCount === 1 ? 'finding' : 'findings'}.</p>`;
  const list =
    findings.length === 0
      ? ''
      : `<ul>${findings.map((finding) => `<li>${escapeText(finding)}</li>`).join('\n')}</ul>`;
  const note =
    checkpoint === null ? '' : `<h3>Checkpoint</h3>\n<pre>${escapeText(checkpoint)}</pre>`;
  return `${verdict}${list}
${facts([
  ['Sealed events', treeSize === null ? 'none' : count(treeSize)],
  ['Root', rootHash ?? 'none'],
  ['Key', trustedKey ?? 'none'],
])}${note}
<p class="note">The whole log was verified, not the period alone. Verify it yourself: <code>claviger audit export</code>, then <code>claviger audit verify</code> with a public key that you know.</p>`;
}

function inventory({ inventory: { byState, byAge, keys } }: AuditReport): string {
  return `<p>Keys and other objects as they are kept now, destroyed ones with them.</p>
${counts('State', byState)}${counts('Age', byAge)}
${excerpt(keys, 'keys', [
  { title: 'Key', kind: 'id', value: ({ id }) => id },
  { title: 'Type', value: ({ type }) => type },
  { title: 'Algorithm', value: (key) => algorithm(key) },
  { title: 'State', value: ({ state }) => state },
  { title: 'Adapter', value: ({ adapter }) => adapter },
  { title: 'Made', kind: 'time', value: ({ createdAt }) => minute(createdAt) },
  { title: 'Age in days', kind: 'number', value: ({ ageDays }) => ageDays },
])}`;
}

function algorithm({
  algorithm: name,
  lengthBits,
}: {
  algorithm: string;
  lengthBits: number | null;
}) {
  return lengthBits === null ? name : `${name} ${lengthBits}`;
}

function lifecycle({ lifecycle: { byAction, events } }: AuditReport): string {
  return `${counts('Action', byAction)}${excerpt(events, 'events', EVENT_COLUMNS)}`;
}

function access({ access: { initiators, certificates, changes } }: AuditReport): string {
  return `<h3>Who was active</h3>
${excerpt(initiators, 'initiators', [
  { title: 'Initiator', value: ({ name }) => name },
  { title: 'Identifier', kind: 'id', value: ({ id }) => id },
  { title: 'First', kind: 'time', value: ({ firstSeen }) => minute(firstSeen) },
  { title: 'Last', kind: 'time', value: ({ lastSeen }) => minute(lastSeen) },
  { title: 'Events', kind: 'number', value: ({ events }) => count(events) },
  { title: 'Failed', kind: 'number', value: ({ failures }) => count(failures) },
  { title: 'Addresses', value: ({ addresses }) => addresses.join(', ') },
])}
<p class="note">Requests over a private network show no address; a client certificate is told by its fingerprint.</p>
<h3>Client certificates that are registered now</h3>
${excerpt(certificates, 'certificates', [
  { title: 'Adapter', value: ({ adapter }) => adapter },
  { title: 'Name', value: ({ name }) => name },
  { title: 'SHA-256', kind: 'id', value: ({ fingerprintSha256 }) => fingerprintSha256 },
  { title: 'Ends', kind: 'time', value: ({ notAfter }) => minute(notAfter) },
])}
<h3>Access granted and removed, and readings of the log</h3>
${excerpt(changes, 'changes', EVENT_COLUMNS)}`;
}

function refusals({ refusals: { byReason, events } }: AuditReport): string {
  return `${counts('Reason', byReason)}${excerpt(events, 'failures', [
    ...EVENT_COLUMNS.filter(({ title }) => title !== 'Outcome'),
    {
      title: 'Reason',
      value: ({ reasonCode, reason }) => `${reasonCode} ${reason}`,
    },
  ])}`;
}

function rootKeys({ rootKeys: { keys, changes } }: AuditReport): string {
  return `<h3>Root keys that are kept now</h3>
${excerpt(keys, 'root keys', [
  { title: 'Name', value: ({ name }) => name },
  { title: 'Identifier', kind: 'id', value: ({ id }) => id },
  { title: 'State', value: ({ state }) => state },
  { title: 'Made', kind: 'time', value: ({ createdAt }) => minute(createdAt) },
  {
    title: 'Rotated',
    kind: 'time',
    value: ({ lastRotateAt }) => (lastRotateAt === null ? 'never' : minute(lastRotateAt)),
  },
])}
<h3>Changes</h3>
${excerpt(changes, 'changes', EVENT_COLUMNS)}`;
}

const EVENT_COLUMNS: readonly Column<EventRow>[] = [
  { title: 'Time (UTC)', kind: 'time', value: ({ time }) => second(time) },
  { title: 'Action', kind: 'action', value: ({ action }) => action },
  { title: 'Outcome', value: ({ outcome }) => outcome, mark: ({ outcome }) => outcome },
  { title: 'Severity', value: ({ severity }) => severity, mark: ({ severity }) => severity },
  { title: 'Initiator', value: ({ initiator }) => shortened(initiator) },
  { title: 'Target', value: ({ target }) => target },
];

/** A table; says how many rows there are when it does not show all. */
function excerpt<T>(
  { total, rows }: Excerpt<T>,
  what: string,
  columns: readonly Column<T>[],
): string {
  if (total === 0) return `<p class="sub">No ${what}.</p>`;
  const head = columns.map(({ title, kind }) => `<th${classOf(kind, '')}>${title}</th>`).join('');
  const body = rows.map((row) => {
    const cells = columns.map(({ kind, value, mark }) => {
      const text = escapeText(String(value(row) ?? ''));
      return `<td${classOf(kind, mark?.(row) ?? '')}>${text}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  const rest =
    total > rows.length
      ? `<p class="note">${count(rows.length)} of ${count(total)} ${what}; the log has them all.</p>`
      : '';
  return `<table><thead><tr>${head}</tr></thead>\n<tbody>${body.join('\n')}</tbody></table>${rest}`;
}

/** Classes are words of ours: kinds, outcomes and severities. */
function classOf(kind: Kind = 'text', mark: string): string {
  const classes = [kind === 'text' ? '' : kind, mark].filter((name) => name !== '');
  return classes.length === 0 ? '' : ` class="${escapeText(classes.join(' '))}"`;
}

function counts(title: string, byLabel: Readonly<Record<string, number>>): string {
  const entries = Object.entries(byLabel);
  if (entries.length === 0) return '';
  const rows = entries.map(
    ([label, number]) =>
      `<tr><td>${escapeText(label)}</td><td class="number">${count(number)}</td></tr>`,
  );
  return `<table class="narrow"><thead><tr><th>${title}</th><th class="number">Number</th></tr></thead>\n<tbody>${rows.join('\n')}</tbody></table>`;
}

function facts(rows: readonly (readonly [name: string, value: string])[]): string {
  const items = rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeText(value)}</dd>`);
  return `<dl>${items.join('\n')}</dl>`;
}

/** A fingerprint would take the room of all other columns; the data beside the page has it whole. */
function shortened(name: string): string {
  return name.replace(/[0-9a-f]{40,64}/, (digits) => `${digits.slice(0, 12)}\u2026`);
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

function second(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
