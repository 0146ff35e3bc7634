/**
 * Network namespaces: one for the gateway, one for each host, wired by veth pairs. Nothing of them is seen
 * by the rest of the machine. Linux, as root.
 */

import { execFile } from 'node:child_process';
import { pid } from 'node:process';
import { promisify } from 'node:util';
import { GATEWAY_ADDRESSES, HOST_ADDRESSES, type NetworkName } from './hosts.ts';

const run = promisify(execFile);
const NETWORKS = ['private', 'public'] as const;

export interface Namespaces {
  /** What runs a program in the namespace of the gateway. */
  readonly gateway: readonly string[];
  readonly hosts: Readonly<Record<NetworkName, readonly string[]>>;
  remove(): Promise<void>;
}

/** @returns why they cannot be made, in a sentence, where the machine does not let us. */
export async function makeNamespaces(): Promise<Namespaces | string> {
  const names = {
    gateway: `claviger-${pid}-gw`,
    private: `claviger-${pid}-priv`,
    public: `claviger-${pid}-pub`,
  };
  const made: string[] = [];

  /** Takes the veth pairs along. */
  async function remove(): Promise<void> {
    for (const name of made.splice(0)) await ip('netns', 'del', name).catch(() => {});
  }

  try {
    for (const name of Object.values(names)) {
      await ip('netns', 'add', name);
      made.push(name);
      await ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    for (const network of NETWORKS) {
      // At most 15 characters.
      const here = `cg${network.slice(0, 4)}${pid % 100_000}`;
      const there = `ch${network.slice(0, 4)}${pid % 100_000}`;
      const ends = ['link', 'add', here, 'netns', names.gateway, 'type', 'veth', 'peer', 'name'];
      await ip(...ends, there, 'netns', names[network]);
      await attach(names.gateway, here, GATEWAY_ADDRESSES[network]);
      await attach(names[network], there, HOST_ADDRESSES[network]);
    }
  } catch (error) {
    await remove();
    return reasonOf(error);
  }
  const enter = (name: string) => ['ip', 'netns', 'exec', name];
  return {
    gateway: enter(names.gateway),
    hosts: { private: enter(names.private), public: enter(names.public) },
    remove,
  };
}

async function attach(namespace: string, device: string, address: string): Promise<void> {
  await ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', device);
  await ip('-n', namespace, 'link', 'set', device, 'up');
}

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', args);
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return 'there is no program "ip" (Debian: iproute2)';
  }
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return said === '' ? String(error) : (said.split('\n').at(-1) ?? said);
}
