import { InputError } from '../input-error.ts';
import { flagOf, type OptionReader } from './read-options.ts';

/** Options that shape a report or its verdict; a replacement plan and a compliance table have neither. */
const reportOptions = [
  'report',
  'failOn',
  'baseline',
  'waivers',
  'only',
  'skip',
  'severity',
  'acceptIncomplete',
  'expiryWarning',
] as const;

interface Conflict {
  readonly option: string;
  /** What takes its effect away. */
  readonly other: string;
  readonly hint: string;
}

const conflicts: readonly Conflict[] = [
  { option: 'quiet', other: 'verbose', hint: 'keep one of them' },
  {
    option: 'goVersion',
    other: 'etcdBinary',
    hint: 'the binary states its Go release; omit --go-version',
  },
  { option: 'standard', other: 'replace', hint: 'run them one after the other' },
  ...reportOptions.map((option) => ({
    option,
    other: 'replace',
    hint: `--replace prints a plan, not a report; omit ${flagOf(option)}`,
  })),
  {
    option: 'report',
    other: 'standard',
    hint: 'the compliance table is text; run the command again for the report',
  },
];

/** An option that cannot take effect is an error: ignoring it would answer another question. */
export function refuseUseless(options: OptionReader): void {
  refuseRemoved(options);
  for (const { option, other, hint } of conflicts) {
    if (!options.isGiven(option) || !options.isGiven(other)) continue;
    const message = `${flagOf(option)} has no effect with ${flagOf(other)}`;
    throw new InputError('OPTION_INVALID', message, { hint });
  }
  if (options.isGiven('order') && !options.isGiven('replace')) {
    throw new InputError('OPTION_INVALID', '--order has no effect without --replace', {
      hint: 'give the set that will replace this one: --replace ./new-certs',
    });
  }
}

/** Scripts of the first release name options that were removed: the error names the replacement. */
function refuseRemoved(options: OptionReader): void {
  if (!options.isGiven('strict')) return;
  throw new InputError('OPTION_INVALID', '--strict was removed', {
    hint: 'omit it: an INCOMPLETE verdict now exits 3 unless --accept-incomplete is given',
  });
}
