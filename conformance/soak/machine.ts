/** A virtual machine of the site, and what vCenter does for its key: each job on connections of its own. */

import { createHash, randomUUID } from 'node:crypto';
import { type AttributeReference, TAGS } from '@claviger/kmip-protocol';
import type { Ask, Visitor } from './visit.ts';

export interface Machine {
  readonly name: string;
  readonly identifier: string;
  keyId: string;
  /** SHA-256 of its key as the server first gave it out. */
  digest: string;
  /** How often its name was changed. */
  renamed: number;
  /** A job is at work on it; others leave it alone. */
  isBusy: boolean;
}

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const PRODUCT = {
  Product_Version: '7.0.3 build-19480866',
  Vendor: 'VMware, Inc.',
  Product: 'VMware vSphere',
};

/** Makes a machine with a key: made, tagged with the product, fetched and activated, tagged with its owner. */
export async function provision(visitor: Visitor, name: string): Promise<Machine> {
  const identifier = randomUUID();
  const keyId = await visitor.visit((ask) => ask('Create', (kmip) => kmip.create(KEY)));
  await visitor.visit((ask) => tag(ask, keyId, PRODUCT));
  const digest = await visitor.visit(async (ask) => {
    const fetched = await fetchKey(ask, keyId);
    if (fetched.state === 'PreActive') await ask('Activate', (kmip) => kmip.activate(keyId));
    return fetched.digest;
  });
  const owner = { Identifier: identifier, Component: 'Virtual Machine', Name: name };
  await visitor.visit((ask) => tag(ask, keyId, owner));
  return { name, identifier, keyId, digest, renamed: 0, isBusy: false };
}

/** The machine starts: its key is fetched, has to be the one that it was, and Active. */
export async function powerOn(visitor: Visitor, machine: Machine): Promise<void> {
  await visitor.visit(async (ask) => {
    const { digest, state } = await fetchKey(ask, machine.keyId);
    if (digest !== machine.digest) throw new Error(`The key of ${machine.name} is another one.`);
    if (state !== 'Active') throw new Error(`The key of ${machine.name} is ${state}.`);
  });
}

/** The machine gets another name, which its key carries. */
export async function rename(visitor: Visitor, machine: Machine): Promise<void> {
  machine.renamed += 1;
  const name = `${machine.name}-${machine.renamed}`;
  await visitor.visit(async (ask) => {
    await ask('Modify Attribute', (kmip) =>
      kmip.request('ModifyAttribute', {
        uniqueIdentifier: machine.keyId,
        attribute: custom('Name', name),
      }),
    );
    const found = await ask('Get Attributes', (kmip) =>
      kmip.getAttributes(machine.keyId, [reference('Name')]),
    );
    if (!JSON.stringify(found).includes(name)) throw new Error(`${name} has kept its old name.`);
  });
}

/** Finds the key by the machine that it is for. */
export async function locate(visitor: Visitor, machine: Machine): Promise<void> {
  const attributes = [custom('Identifier', machine.identifier)];
  const ids = await visitor.visit((ask) => ask('Locate', (kmip) => kmip.locate({ attributes })));
  if (!ids.includes(machine.keyId)) throw new Error(`The key of ${machine.name} was not found.`);
}

/** Gives the machine a new key in place of its own, which is destroyed. */
export async function rekey(visitor: Visitor, machine: Machine): Promise<void> {
  const uniqueIdentifier = machine.keyId;
  await visitor.visit(async (ask) => {
    const answer = await ask('Re-key', (kmip) => kmip.request('ReKey', { uniqueIdentifier }));
    const keyId = String(answer.uniqueIdentifier);
    const { digest, state } = await fetchKey(ask, keyId);
    if (digest === machine.digest) throw new Error(`${machine.name} was given its old key anew.`);
    if (state === 'PreActive') await ask('Activate', (kmip) => kmip.activate(keyId));
    machine.keyId = keyId;
    machine.digest = digest;
  });
  await destroy(visitor, uniqueIdentifier);
}

/** Revokes and destroys a key; Get must not find its material afterwards. */
export async function destroy(visitor: Visitor, keyId: string): Promise<void> {
  await visitor.visit(async (ask) => {
    await ask('Revoke', (kmip) => kmip.revoke(keyId, { reason: 'CessationOfOperation' }));
    await ask('Destroy', (kmip) => kmip.destroy(keyId));
  });
}

async function fetchKey(ask: Ask, keyId: string): Promise<{ digest: string; state: string }> {
  const { material } = await ask('Get', (kmip) => kmip.get(keyId));
  if (material === undefined) throw new Error('Get was answered without a key.');
  const digest = createHash('sha256').update(material).digest('hex');
  material.fill(0);
  const [state] = await ask('Get Attributes', (kmip) => kmip.getAttributes(keyId, ['State']));
  return { digest, state: state?.kind === 'standard' ? String(state.value) : 'without a State' };
}

/** One Get Attributes for each, then one batch that adds them all. */
async function tag(
  ask: Ask,
  keyId: string,
  attributes: Readonly<Record<string, string>>,
): Promise<void> {
  for (const name of Object.keys(attributes)) {
    await ask('Get Attributes', (kmip) => kmip.getAttributes(keyId, [reference(name)]));
  }
  const items = Object.entries(attributes).map(([name, text]) => ({
    operation: 'AddAttribute' as const,
    payload: { uniqueIdentifier: keyId, attribute: custom(name, text) },
  }));
  const results = await ask('Add Attribute, three', (kmip) => kmip.batch(items));
  const failed = results.find(({ kind }) => kind !== 'success');
  if (failed !== undefined) throw new Error(`Add Attribute failed: ${JSON.stringify(failed)}`);
}

function reference(name: string): AttributeReference {
  return { kind: 'vendor', vendorIdentification: 'x', name };
}

function custom(name: string, text: string) {
  const value = { tag: TAGS.AttributeValue, type: 'TextString', value: text } as const;
  return { kind: 'vendor', vendorIdentification: 'x', name, index: 0, value } as const;
}
