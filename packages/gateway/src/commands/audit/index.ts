import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerAuditCheckpoint } from './checkpoint.ts';
import { registerAuditExport } from './export.ts';
import { registerAuditProve } from './prove.ts';
import { registerAuditReport } from './report.ts';
import { registerAuditRetention } from './retention.ts';
import { registerAuditRotateKey } from './rotate-key.ts';
import { registerAuditRemoveSink, registerAuditSinks } from './sinks.ts';
import { registerAuditVerify } from './verify.ts';
import { registerAuditVerifyProof } from './verify-proof.ts';

export function registerAudit(program: Command, context: CommandContext): void {
  const audit = program
    .command('audit')
    .summary(
      'prove the audit log: export, verify, prove, verify-proof, checkpoint, rotate-key, retention',
    )
    .description(
      'The audit log proves itself: each event is chained to the one before, and signed checkpoints ' +
        'seal all of them. These commands export it, verify what was exported anywhere and by anybody, ' +
        'and look after the key that signs it.',
    );
  registerAuditExport(audit, context);
  registerAuditVerify(audit, context);
  registerAuditProve(audit, context);
  registerAuditVerifyProof(audit, context);
  registerAuditCheckpoint(audit, context);
  registerAuditRotateKey(audit, context);
  registerAuditReport(audit, context);
  registerAuditRetention(audit, context);
  registerAuditSinks(audit, context);
  registerAuditRemoveSink(audit, context);
}
