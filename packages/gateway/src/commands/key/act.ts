/** `key rotate`, `key disable`, `key enable`: what can be undone, or loses nothing. */

import type { Command } from 'commander';
import type { KeyAction } from '../../api-client/management-client.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { type ConfirmOptions, confirm, YES_OPTION } from '../confirm.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { getRootKey } from './find-root-key.ts';

interface ActOptions extends ApiOptions, ConfirmOptions {}

interface ActionWords {
  readonly summary: string;
  readonly description: string;
  readonly done: string;
  /** What stops working, when something does. */
  readonly loss?: string;
  readonly example: string;
}

const ACTIONS = {
  rotate: {
    summary: 'give a root key new material',
    description:
      'Makes a new version of a root key and wraps the keys of its adapters anew. Objects stay as they are.',
    done: 'Rotated',
    example: 'by its name',
  },
  disable: {
    summary: 'make everything below a root key unusable, at once',
    description:
      'Disables a root key: no client gets or makes a key of its adapters until it is enabled again.',
    done: 'Disabled',
    loss: 'every key of its adapters is unusable until it is enabled again; machines that start need theirs.',
    example: 'the switch; asks first, --yes does not',
  },
  enable: {
    summary: 'undo key disable',
    description: 'Enables a root key that was disabled, half a minute before at least.',
    done: 'Enabled',
    example: 'brings the keys of its adapters back',
  },
} as const satisfies Record<KeyAction, ActionWords>;

export function registerKeyActions(key: Command, context: CommandContext): void {
  registerAction(key, context, 'rotate', ACTIONS.rotate);
  registerAction(key, context, 'disable', ACTIONS.disable);
  registerAction(key, context, 'enable', ACTIONS.enable);
}

function registerAction(
  key: Command,
  context: CommandContext,
  action: KeyAction,
  { summary, description, done, loss, example }: ActionWords,
): void {
  const command = key
    .command(action)
    .summary(summary)
    .description(description)
    .argument('<key>', 'id, alias or name');
  if (loss !== undefined) command.option(...YES_OPTION);
  withExamples(withApiOptions(command), [[`claviger key ${action} tenant-a`, example]]);
  command.action(async (which: string, options: ActOptions) => {
    const after = await withApi(context, options, async (client) => {
      const found = await getRootKey(client, which);
      if (loss !== undefined) {
        await confirm(context, options, `The root key ${found.name} is disabled: ${loss}`);
      }
      await client.actOnKey(found.id, action);
      return await client.readKey(found.id);
    });
    await print(
      context,
      options,
      after,
      ({ bold }) => `${done} root key ${bold(after.name)} (${after.id}).\n`,
    );
  });
}
