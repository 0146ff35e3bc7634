import { describe, expect, it } from 'vitest';
import { activate, create, destroy } from '../requests.fixtures.ts';
import { startMessageRig } from './message-rig.fixtures.ts';

describe('what clients change', () => {
  it('is attributed to their certificate, and its destruction as well', async () => {
    const rig = await startMessageRig();
    const { adapter, certificate } = rig.source.principal.record;
    await rig.send('1.4', [create()]);
    const id = (await rig.events()).at(-1)?.target.name ?? '';
    const summary = () => rig.store.readObjectSummary(adapter.id, id);
    const certificateId = certificate.id;
    expect(await summary()).toMatchObject({ created: { certificateId }, destroyed: undefined });

    rig.clock.advance(1000);
    await rig.send('1.4', [destroy(id)]);
    const at = rig.clock.now();
    expect(await summary()).toMatchObject({
      created: { certificateId },
      updated: { certificateId, at },
      destroyed: { certificateId, at },
    });
  });

  it('is not taken for a destruction when it is none', async () => {
    const rig = await startMessageRig();
    await rig.send('1.4', [create()]);
    const id = (await rig.events()).at(-1)?.target.name ?? '';
    rig.clock.advance(1000);
    await rig.send('1.4', [activate(id)]);
    const { adapter } = rig.source.principal.record;
    expect(await rig.store.readObjectSummary(adapter.id, id)).toMatchObject({
      updated: { at: rig.clock.now() },
      destroyed: undefined,
    });
  });
});
