import { Failure } from '../failure.ts';

/** The configuration is wrong; `problems` are sentences, each beginning with what it is about. */
export class ConfigError extends Failure {
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super('usage', problems.join('\n'), options);
    this.problems = problems;
  }
}
