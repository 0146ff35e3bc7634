/** A step of the demonstration on the screen: the conversation on the left, its events on the right. */
import { type AuditEvent, parseAuditEvent } from '@claviger/audit-emitter';
import type { EventRecord } from '@claviger/key-store';
import { formatLine, type Line, sideBySide, wrapText } from '../present/columns.ts';
import { severityColor, shortInitiator } from '../present/event-line.ts';
import { printable } from '../present/printable.ts';
import type { Colors } from '../terminal.ts';
import type { PlayedStep } from './play-step.ts';
import type { MessageSummary } from './summarise-message.ts';

/** Below this the columns stand below each other. */
const NARROWEST_FOR_TWO = 100;
const WIDEST = 140;
const INDENT = '   ';

export function formatStep(
  played: PlayedStep,
  position: { readonly number: number; readonly total: number },
  colors: Colors,
  columns: number,
): string {
  const { step, durationMs } = played;
  const width = Math.min(columns, WIDEST);
  const number = `${position.number}/${position.total}`;
  const title = `${colors.cyan(number.padStart(5))} ${colors.bold(step.title)} ${colors.dim(`${durationMs.toFixed(1)} ms`)}`;
  const why = wrapText(step.why, width - 6).map((line) => `      ${colors.dim(line)}`);
  const body =
    width >= NARROWEST_FOR_TWO
      ? inTwoColumns(played, colors, width)
      : stacked(played, colors, width);
  return `${[title, ...why, '', ...body].join('\n')}\n\n`;
}

function inTwoColumns(played: PlayedStep, colors: Colors, width: number): readonly string[] {
  const inner = width - INDENT.length - 3;
  const left = Math.floor(inner * 0.495);
  const widths = { left, right: inner - left };
  return sideBySide(
    conversation(played, colors, widths.left),
    events(played, colors, widths.right),
    widths,
    colors.dim,
  ).map((line) => INDENT + line);
}

function stacked(played: PlayedStep, colors: Colors, width: number): readonly string[] {
  const inner = width - INDENT.length;
  return [...conversation(played, colors, inner), [], ...events(played, colors, inner)].map(
    (line) => (INDENT + formatLine(line, inner)).trimEnd(),
  );
}

function conversation(
  { messages, refusal, step }: PlayedStep,
  colors: Colors,
  width: number,
): readonly Line[] {
  const lines = messages.flatMap((message) => messageLines(message, colors));
  if (messages.some(({ direction }) => direction === 'response')) return lines;
  // Nothing came back: what the client saw of its connection is all there is.
  const words = refusal ?? `no answer to ${step.title}`;
  return [
    ...lines,
    [{ text: '✗ the server closed the connection', paint: colors.red }],
    ...wrapText(printable(words), width - 2).map(
      (text): Line => [{ text: `  ${text}`, paint: colors.dim }],
    ),
  ];
}

function messageLines(message: MessageSummary, colors: Colors): readonly Line[] {
  const { direction, bytes, version, items } = message;
  const isRequest = direction === 'request';
  const size = `  KMIP ${version}, ${bytes} bytes`;
  return items.flatMap(({ operation, result, details }, index): readonly Line[] => {
    const isGood = result === undefined || result === 'Success';
    const headline: Line = [
      { text: isRequest ? '→ ' : '← ', paint: isGood ? colors.cyan : colors.red },
      { text: operation, paint: colors.bold },
      ...(result === undefined
        ? []
        : [{ text: ` ${result}`, paint: isGood ? colors.green : colors.red }]),
      ...(index === 0 ? [{ text: size, paint: colors.dim }] : []),
    ];
    const rows = details.map(
      ([name, value]): Line => [
        { text: `  ${name} `, paint: colors.dim },
        { text: printable(value) },
      ],
    );
    return [headline, ...rows];
  });
}

function events({ events: records }: PlayedStep, colors: Colors, width: number): readonly Line[] {
  return records.flatMap((record) => eventLines(record, colors, width));
}

function eventLines(record: EventRecord, colors: Colors, width: number): readonly Line[] {
  const event = parseAuditEvent(JSON.parse(record.body));
  const paint = severityColor(colors, event.severity);
  const { reasonCode, reasonType, reasonForFailure } = event.reason;
  const target = event.target.id.split(':').slice(8).join(' ').trim();
  const fact = (name: string, value: string): Line => [
    { text: `  ${name} `, paint: colors.dim },
    { text: printable(value) },
  ];
  return [
    [
      { text: '● ', paint },
      { text: event.action, paint: colors.bold },
      { text: ` ${event.severity}`, paint },
    ],
    [
      { text: '  outcome ', paint: colors.dim },
      {
        text: `${event.outcome} (${reasonCode} ${reasonType})`,
        paint: event.outcome === 'success' ? colors.green : colors.red,
      },
    ],
    fact('initiator', initiatorText(event.initiator)),
    ...(target === '' ? [] : [fact('target', target)]),
    fact('correlation', event.correlationId ?? 'none'),
    ...wrapText(printable(reasonForFailure ?? ''), width - 2).map(
      (text): Line => [{ text: `  ${text}`, paint: colors.dim }],
    ),
  ];
}

function initiatorText({ id, name }: AuditEvent['initiator']): string {
  return name === id ? shortInitiator(id) : `${name} (${shortInitiator(id)})`;
}
