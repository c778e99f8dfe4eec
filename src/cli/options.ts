import { type Command, Option } from 'commander';
import { formats } from '../report/index.ts';
import { InputError } from '../input-error.ts';

/** Options of every command that shows a report. */
export function displayOptions(command: Command): Command {
  return command
    .option(
      '--report <format[=file]>',
      `${formats.slice(0, -1).join(', ')} or ${formats.at(-1)}; repeatable`,
      collectValues,
    )
    .option('--color <when>', 'auto, always or never', 'auto')
    .option('--quiet', 'only findings and the summary', false)
    .option('--verbose', 'also what passed, and what was guessed', false)
    .option('--fail-on <severity>', 'critical, high, medium, low or info; exit 1 from there')
    .option('--accept-incomplete', 'exit 0 instead of 3 when the verdict is INCOMPLETE', false)
    .addOption(new Option('--strict').hideHelp());
}

/** Options of the commands that audit. */
export function auditOptions(command: Command): Command {
  return displayOptions(command)
    .option('--inventory <file>', 'what should be: members, clients, files (see `init`)')
    .option('--map <prefix=directory>', 'where deployed paths are here; repeatable', collectValues)
    .option('--resolve <name=address>', 'a DNS answer to take as given; repeatable', collectValues)
    .option('--endpoints <urls>', 'client URLs, comma-separated (ETCDCTL_ENDPOINTS)', collectValues)
    .option('--cacert <file>', 'CA certificate of the client (ETCDCTL_CACERT)')
    .option('--cert <file>', 'certificate of the client (ETCDCTL_CERT)')
    .option('--key <file>', 'private key of the client (ETCDCTL_KEY)')
    .option('--etcd-version <version>', 'version of etcd to judge by, e.g. 3.5.21')
    .option('--go-version <release>', 'Go release it was built with, e.g. 1.23')
    .option('--etcd-binary <file>', 'the etcd program: how it was built is read from it')
    .option('--at <date>', 'judge the set as of this date, e.g. 2027-01-31')
    .option(
      '--expiry-warning <days>',
      'report certificates that expire within, e.g. 60d (default: 30d)',
    )
    .option('--replace <paths...>', 'what-if: the set that will replace this one, member by member')
    .option('--order <members>', 'with --replace: the order of members, comma-separated')
    .option('--waivers <file>', 'findings accepted, each with reason, owner and end date')
    .option('--baseline <report>', 'a JSON report; only findings that are not in it fail')
    .option('--save-evidence <file>', 'write what was collected, without any private key')
    .option(
      '--evidence <file>',
      'what `collect` wrote, perhaps on another host; repeatable, next to paths',
      collectValues,
    )
    .option('--only <ids>', 'only these checks, comma-separated', collectValues)
    .option('--skip <ids>', 'not these checks, comma-separated', collectValues)
    .option('--severity <level>', 'only checks of this severity or worse')
    .option('--standard <name>', 'show a compliance table, e.g. cis-1.12');
}

/** Options of the command that dials. */
export function liveOptions(command: Command): Command {
  return command
    .option('--timeout <duration>', 'for each endpoint, e.g. 5s or 800ms', '5s')
    .option('--concurrency <number>', 'connections at a time', '64')
    .option('--discover', 'also dial what the member list names and the inventory does not', false)
    .option('--survey', 'list everything each port offers, and the roles of the user', false)
    .option('--no-negative-probes', 'do not try who must be refused');
}

/**
 * Makes an option that takes one value an error when it is given twice, wherever the command defines it:
 * the parser would silently take the last one.
 */
export function refuseRepeated(command: Command): Command {
  for (const option of command.options) {
    if (!option.required || option.variadic || option.parseArg !== undefined) continue;
    const given: string[] = [];
    command.on(`option:${option.name()}`, (value: string) => {
      given.push(value);
      if (given.length === 1) return;
      throw new InputError('OPTION_INVALID', `${option.long ?? option.name()} is given twice`, {
        hint: `keep one of ${given.join(' and ')}`,
      });
    });
  }
  return command;
}

export function collectValues(
  value: string,
  previous: readonly string[] | undefined,
): readonly string[] {
  return [...(previous ?? []), value];
}
