import type { AdapterRecord } from '@claviger/key-store';
import { z } from 'zod';
import { DateTime, formatDateTime } from '../http/date-time.ts';
import { COLLECTION_TYPES } from '../http/envelope.ts';
import { fields } from '../http/field-names.ts';
import { ResourceName } from '../http/resource-name.ts';
import { visibleText } from '../http/visible-text.ts';

export const ADAPTER_COLLECTION = COLLECTION_TYPES.adapter;

/** What events and CRNs call an adapter. */
export const ADAPTER_RESOURCE = 'kmip_adapter';

const PROFILE = 'native_1.0';
const MAX_DESCRIPTION = 240;
const CRK_WORDS = 'must be: {"crk_id": the id or alias of a root key}';

/** An adapter as clients ask for it. */
export const NewAdapter = fields({
  name: ResourceName.optional(),
  description: visibleText(`must be: at most ${MAX_DESCRIPTION} visible characters`, {
    min: 0,
    max: MAX_DESCRIPTION,
  }).optional(),
  profile: z.literal(PROFILE, `must be: ${PROFILE}`),
  profile_data: z.strictObject(
    { crk_id: z.string(CRK_WORDS).min(1, CRK_WORDS).max(100, CRK_WORDS) },
    CRK_WORDS,
  ),
}).meta({ id: 'NewKmipAdapter' });

/** An adapter as clients see it. */
export const Adapter = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    profile: z.string(),
    profile_data: z.object({ crk_id: z.string() }),
    created_by: z.string(),
    created_at: DateTime,
    updated_by: z.string(),
    updated_at: DateTime,
  })
  .meta({ id: 'KmipAdapter', description: 'What KMIP clients share: certificates and objects.' });

/** Whoever used the command line before the API noted who. */
export const UNKNOWN_ACTOR = 'claviger';

export function toAdapter(record: AdapterRecord): z.output<typeof Adapter> {
  const { id, name, description, rootKeyId, createdAt } = record;
  const createdBy = record.createdBy ?? UNKNOWN_ACTOR;
  return {
    id,
    name,
    description: description ?? '',
    profile: record.profile ?? PROFILE,
    profile_data: { crk_id: rootKeyId },
    created_by: createdBy,
    created_at: formatDateTime(createdAt),
    updated_by: record.updatedBy ?? createdBy,
    updated_at: formatDateTime(record.updatedAt ?? createdAt),
  };
}

/** The path parameter by which an adapter is named. */
export const AdapterPath = z.object({ adapter: z.string().describe('Id or name of the adapter.') });
