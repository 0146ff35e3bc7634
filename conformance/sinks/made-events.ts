/** A log of events that is never stored: each event follows from its sequence. */

import type { EventSource, SinkEvent } from '@claviger/audit-sinks';

const START_TIME = Date.UTC(2026, 2, 2, 9, 0, 0);
const INSTANCE =
  'crn:v1:bluemix:local:hs-crypto:eu-de:a/0123456789abcdef0123456789abcdef:4c0de8a1-93f2-4b56-a7d8-0e1f2a3b4c5d';
const SEVERITIES = ['normal', 'warning', 'critical'] as const;
/** What formats might stumble over. */
const ODD_TEXTS = [
  '',
  'Schlüssel für 東京 🔑',
  '"quoted" \\ and ]',
  'a|b=c\\n',
  '%s <110>1 - 12 x',
];

/** The event at a place of the log, always the same one. */
export function madeEvent(sequence: number): SinkEvent {
  const id = `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`;
  const time = START_TIME + sequence * 10;
  const severity = SEVERITIES[sequence % SEVERITIES.length] ?? 'normal';
  const action = sequence % 2 === 0 ? 'hs-crypto.kmip-key.create' : 'hs-crypto.kmip-key.destroy';
  const keyId = `5d0c6f0e-6a3b-4c1e-9f53-${String(sequence).padStart(12, '0')}`;
  const initiatorId = `CertificateID-${'a1'.repeat(32)}`;
  const targetId = `${INSTANCE}:kmip_object:${keyId}`;
  const correlationId = `9a3a0c36-2f6b-4b0e-8c8e-${String(sequence).padStart(12, '0')}`;
  const body = JSON.stringify({
    eventTime: new Date(time).toISOString().replace(/(\.\d\d)\dZ$/, '$1+0000'),
    action,
    outcome: 'success',
    severity,
    message: `Hyper Protect Crypto Services: kmip-key ${keyId}`,
    id,
    correlationId,
    dataEvent: false,
    logSourceCRN: `${INSTANCE}::`,
    saveServiceCopy: true,
    initiator: {
      id: initiatorId,
      name: `vcenter ${ODD_TEXTS[sequence % ODD_TEXTS.length]}`,
      typeURI: 'service/security/client/certificateid',
      credential: { type: 'certificate' },
    },
    target: { id: targetId, name: keyId, typeURI: 'hs-crypto/kmip-key' },
    observer: { name: 'ActivityTracker' },
    reason: { reasonCode: 200, reasonType: 'OK' },
    requestData: { requestURI: 'kmip://kmip.example.com:5696', protocolVersion: '1.4' },
  });
  return {
    sequence,
    id,
    time,
    action,
    outcome: 'success',
    severity,
    initiatorId,
    targetId,
    correlationId,
    body,
  };
}

/** @returns the sequence of the event that this text is, to the byte; undefined for any other text. */
export function sequenceOf(body: string): number | undefined {
  const digits = /"id":"00000000-0000-4000-8000-(\d{12})"/.exec(body)?.[1];
  if (digits === undefined) return undefined;
  const sequence = Number(digits);
  return madeEvent(sequence).body === body ? sequence : undefined;
}

export function madeLog(total: number): EventSource {
  return {
    async listEvents({ afterSequence, limit }) {
      const count = Math.max(0, Math.min(limit, total - afterSequence));
      return Array.from({ length: count }, (_, index) => madeEvent(afterSequence + 1 + index));
    },
    lastEventSequence: async () => total,
  };
}
