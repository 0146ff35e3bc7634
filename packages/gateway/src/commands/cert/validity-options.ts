import { type Command, Option } from 'commander';
import { countArgument } from '../options.ts';

export interface ValidityOptions {
  readonly days?: number;
  readonly years?: number;
}

const DAYS_A_YEAR = 365.25;

/** How long a certificate that is made here shall be good for. */
export function withValidityOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--days <count>', 'how long it is good for')
        .argParser(countArgument(1))
        .conflicts('years'),
    )
    .addOption(
      new Option('--years <count>', 'the same in years (default: as the gateway is set)').argParser(
        countArgument(1),
      ),
    );
}

/** In days; undefined when it is left to the gateway. */
export function validityDaysOf({ days, years }: ValidityOptions): number | undefined {
  return years === undefined ? days : Math.round(years * DAYS_A_YEAR);
}
