import { Command } from 'commander';
import { registerAdapter } from './commands/adapter/index.ts';
import { registerAlerts } from './commands/alerts/index.ts';
import { registerApiKey } from './commands/apikey/index.ts';
import { registerAudit } from './commands/audit/index.ts';
import { registerCert } from './commands/cert/index.ts';
import { registerClientEndpoint } from './commands/client-endpoint/index.ts';
import type { CommandContext } from './commands/command-context.ts';
import { registerCredential } from './commands/credential/index.ts';
import { registerDecode } from './commands/decode.ts';
import { registerDemo } from './commands/demo.ts';
import { registerEvents } from './commands/events/index.ts';
import { registerKey } from './commands/key/index.ts';
import { registerKmip } from './commands/kmip/index.ts';
import { registerObject } from './commands/object/index.ts';
import { registerRefused } from './commands/refused/index.ts';
import { registerServe } from './commands/serve.ts';
import { registerToken } from './commands/token/index.ts';
import { registerUp } from './commands/up.ts';
import { EXIT_CODES } from './exit-code.ts';
import { PRODUCT } from './product.ts';

/** The command line: one file for each command. */
export function createProgram(context: CommandContext): Command {
  const { out, err } = context.terminal;
  const program = new Command('claviger')
    .description('KMIP server and compliance gateway.')
    .version(PRODUCT.serverVersion)
    .exitOverride()
    .showHelpAfterError('(--help shows what is possible)')
    .configureOutput({
      writeOut: (text) => out.stream.write(text),
      writeErr: (text) => err.stream.write(text),
      getOutHelpWidth: () => out.columns ?? 100,
      getErrHelpWidth: () => err.columns ?? 100,
      getOutHasColors: () => out.colors.isColorSupported,
      getErrHasColors: () => err.colors.isColorSupported,
    })
    .addHelpText('after', exitCodeHelp);
  for (const register of COMMANDS) register(program, context);
  return program;
}

const COMMANDS = [
  registerUp,
  registerServe,
  registerAdapter,
  registerCert,
  registerCredential,
  registerClientEndpoint,
  registerRefused,
  registerObject,
  registerKey,
  registerApiKey,
  registerToken,
  registerEvents,
  registerAlerts,
  registerAudit,
  registerKmip,
  registerDecode,
  registerDemo,
];

function exitCodeHelp(): string {
  const lines = Object.values(EXIT_CODES).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}
