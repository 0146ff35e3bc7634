/** A file with rotation. It is harmed by being moved away, as log tools do. */

import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { PeerStart } from './peer.ts';

const MAX_BYTES = 300_000;

export const filePeer: PeerStart = {
  kind: 'ready',
  async start(directory) {
    const path = join(directory, 'audit.jsonl');
    return {
      sink: { kind: 'file', path, maxBytes: MAX_BYTES },
      async harm() {
        const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
        // It is not there while a new one has not been begun.
        if (existsSync(path)) renameSync(path, join(directory, `audit-${stamp}.jsonl`));
      },
      async received() {
        const rotated = readdirSync(directory).filter((name) =>
          /^audit-\d.*jsonl(\.gz)?$/.test(name),
        );
        const names = [...rotated.sort(), ...(existsSync(path) ? ['audit.jsonl'] : [])];
        const text = names.map((name) => {
          const bytes = readFileSync(join(directory, name));
          return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
        });
        return text.join('').split('\n').slice(0, -1);
      },
      async stop() {},
    };
  },
};
