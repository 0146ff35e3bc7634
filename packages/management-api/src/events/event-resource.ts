/** An audit event as the API answers it: the one of the log, its fields in the order that they have there. */

import { z } from 'zod';

const Data = z.record(z.string(), z.unknown());

export const AuditEventResource = z
  .looseObject({
    eventTime: z.string().describe('UTC, e.g. `2026-03-02T09:14:07.31+0000`.'),
    action: z.string(),
    outcome: z.string(),
    severity: z.string(),
    message: z.string(),
    id: z.string(),
    correlationId: z.string().optional(),
    dataEvent: z.boolean(),
    logSourceCRN: z.string(),
    saveServiceCopy: z.boolean(),
    initiator: z.looseObject({ id: z.string(), name: z.string(), typeURI: z.string() }),
    target: z.looseObject({ id: z.string(), name: z.string(), typeURI: z.string() }),
    observer: z.looseObject({ name: z.string() }),
    reason: z.looseObject({ reasonCode: z.int(), reasonType: z.string() }),
    requestData: Data,
    responseData: Data,
    log: z
      .looseObject({ node: z.string(), sequence: z.int(), previousHash: z.string() })
      .optional()
      .describe('Where the event stands in the log.'),
  })
  .meta({ id: 'AuditEvent', description: 'A CADF event, flat as Activity Tracker has it.' });

/** @throws Error when the log holds what it never was given. */
export function toEventResource(body: string): z.output<typeof AuditEventResource> {
  return AuditEventResource.parse(JSON.parse(body));
}
