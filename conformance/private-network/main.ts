/**
 * `pnpm demo:private-network [--proxy]`: the same calls over a private and over a public network, and what
 * their events tell. Build the gateway first.
 */

import { argv, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { compareNetworks } from './compare-networks.ts';
import { HOST_ADDRESSES } from './hosts.ts';
import { initiators, sideBySide } from './side-by-side.ts';

const { values } = parseArgs({ args: argv.slice(2), options: { proxy: { type: 'boolean' } } });

try {
  const { means, why, events } = await compareNetworks(
    values.proxy === true ? 'proxy' : 'namespaces',
  );
  const how =
    means === 'namespaces'
      ? 'Two hosts in network namespaces of their own'
      : `No network namespaces here (${why}), so two hosts by PROXY headers over the loopback`;
  const { private: own, public: open } = HOST_ADDRESSES;
  stdout.write(`${how}: ${own} (private) and ${open} (public).\n\n`);
  stdout.write(`${sideBySide(events.private, events.public)}\n\n`);
  stdout.write('The initiator of hs-crypto.kmip-key.create:\n');
  stdout.write(`${initiators(events.private, events.public, 'hs-crypto.kmip-key.create')}\n`);
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  exit(1);
}
