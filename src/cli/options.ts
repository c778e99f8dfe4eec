import { type Command, Option } from 'commander';
import { formats } from '../report/index.ts';
import { InputError } from '../input-error.ts';

/** Options of every command that prints a report. */
export function displayOptions(command: Command, failOn: string): Command {
  return command
    .option(
      '--report <format[=file]>',
      `${formats.slice(0, -1).join(', ')} or ${formats.at(-1)}; repeatable`,
      collectValues,
    )
    .option('--color <when>', 'auto, always or never', 'auto')
    .option('--quiet', 'print only findings and the summary', false)
    .option('--verbose', 'also print passed checks, guesses, all handshakes and timings', false)
    .option(
      '--fail-on <severity>',
      'exit 1 for findings of this severity or worse: critical, high, medium, low or info ' +
        `(default: ${failOn})`,
    )
    .option('--accept-incomplete', 'exit 0 instead of 3 when the verdict is INCOMPLETE', false)
    .addOption(new Option('--strict').hideHelp());
}

/** Options of the commands that audit. */
export function auditOptions(command: Command, isLive: boolean): Command {
  const variable = (name: string): string => (isLive ? ` (ETCDCTL_${name})` : '');
  return displayOptions(command, 'high')
    .option(
      '--inventory <file>',
      'file describing the expected members, clients and files (see `init`)',
    )
    .option(
      '--map <prefix=directory>',
      'local directory for a deployed path; repeatable',
      collectValues,
    )
    .option(
      '--resolve <name=address>',
      'use this address for the DNS name; repeatable',
      collectValues,
    )
    .option(
      '--endpoints <urls>',
      `client URLs, comma-separated${variable('ENDPOINTS')}`,
      collectValues,
    )
    .option('--cacert <file>', `CA certificate of the client${variable('CACERT')}`)
    .option('--cert <file>', `certificate of the client${variable('CERT')}`)
    .option('--key <file>', `private key of the client${variable('KEY')}`)
    .option('--etcd-version <version>', 'etcd version to check against, e.g. 3.5.21')
    .option('--go-version <release>', 'Go release that etcd was built with, e.g. 1.23')
    .option('--etcd-binary <file>', 'etcd binary to read the version and build settings from')
    .option('--at <date>', 'check validity at this date, e.g. 2027-01-31')
    .option(
      '--expiry-warning <days>',
      'report certificates that expire within this time, e.g. 60d (default: 30d)',
    )
    .option(
      '--replace <paths...>',
      'predict a rolling replacement of this set by the set in these paths',
    )
    .option('--order <members>', 'with --replace: order of the members, comma-separated')
    .option('--waivers <file>', 'YAML file of accepted findings (reason, owner, expiry date)')
    .option('--baseline <report>', 'earlier JSON report; fail only on findings that are not in it')
    .option('--save-evidence <file>', 'write the collected evidence, without private keys')
    .option(
      '--evidence <file>',
      'evidence written by `collect` or --save-evidence; repeatable, can be combined with paths',
      collectValues,
    )
    .option('--only <ids>', 'run only these checks, comma-separated', collectValues)
    .option('--skip <ids>', 'skip these checks, comma-separated', collectValues)
    .option('--severity <level>', 'run only checks of this severity or worse')
    .option('--standard <name>', 'print a compliance table, e.g. for cis-1.12');
}

/** Options of the command that connects to the cluster. */
export function liveOptions(command: Command): Command {
  return command
    .option('--timeout <duration>', 'time limit per endpoint, e.g. 5s or 800ms', '5s')
    .option('--concurrency <number>', 'maximum number of concurrent connections', '64')
    .option('--discover', 'also connect to members that only the member list names', false)
    .option('--survey', 'list everything each port offers, and the roles of the etcd user', false)
    .option('--no-negative-probes', 'skip connection attempts that etcd is expected to reject');
}

/**
 * Makes an empty value of an option an error, and a second one of an option that takes one, wherever the command
 * defines it: the parser would silently take the last one.
 */
export function refuseUnusable(command: Command): Command {
  for (const option of command.options) {
    if (!option.required) continue;
    const takesMany = option.variadic || option.parseArg !== undefined;
    const given: string[] = [];
    command.on(`option:${option.name()}`, (value: string) => {
      refuseEmpty(value, option.long ?? option.name());
      given.push(value);
      if (takesMany || given.length === 1) return;
      throw new InputError('OPTION_INVALID', `${option.long ?? option.name()} is given twice`, {
        hint: `keep one of ${given.join(' and ')}`,
      });
    });
  }
  return command;
}

/** `--only "$CHECKS"` with a variable that is not set; commas alone separate nothing. */
function refuseEmpty(value: string, flag: string): void {
  if (/[^,\s]/.test(value)) return;
  throw new InputError('OPTION_INVALID', `${flag} is empty`, {
    hint: 'give it a value or omit it; perhaps a variable in the command is not set',
  });
}

export function collectValues(
  value: string,
  previous: readonly string[] | undefined,
): readonly string[] {
  return [...(previous ?? []), value];
}
