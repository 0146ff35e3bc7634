/** Decode and encode of the captured Create, beside a walk over the same bytes. */

import { z } from 'zod';
import { ownProgram } from '../own-program.ts';
import { runToEnd } from '../subjects/server-process.ts';
import type { Bench, Row } from './bench.ts';

const Nanoseconds = z.object({ walk: z.number(), ttlv: z.number(), message: z.number() });

export const codecRow: Row = {
  name: 'codec',
  hasTarget: true,
  about: 'decode and encode of the captured Create, beside a walk over the same bytes',
  measure,
};

async function measure({ settings, collection }: Bench): Promise<void> {
  const args = [...process.execArgv, ownProgram('codec/main')];
  const measured = Nanoseconds.parse(JSON.parse(await runToEnd(settings.node, args)));
  for (const name of ['walk', 'ttlv', 'message'] as const) {
    const subject = name === 'walk' ? 'echo' : 'gateway';
    const place = { row: `codec-${name}`, subject, objects: 0, connections: 0 } as const;
    collection.add(place, { nanoseconds: measured[name] });
  }
}
