import { Command } from 'commander';
import { version } from '../version.ts';
import type { ProgramName } from './program-name.ts';
import { tell, tellLines } from './standard-error.ts';
import { certificateFormats } from '../report/certificates/formats.ts';
import {
  auditOptions,
  collectValues,
  displayOptions,
  liveOptions,
  refuseUnusable,
} from './options.ts';

/** Receives the exit code of a command. */
export type Finish = (code: number) => void;

/**
 * All commands, or the one that was asked for alone: describing the others would take as long as reading the command
 * line. Each loads its code only when it runs.
 */
export function program(
  finish: Finish,
  name: ProgramName = 'etcd-tls-audit',
  asked?: string,
): Command {
  const root = new Command(name)
    .description(
      "Predicts what real etcd will do with a cluster's certificates, keys and TLS settings, explains why, " +
        'and tells you how to fix it. Then verifies the prediction against the running cluster.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ writeErr: tellLines, outputError: tellMistake })
    .showSuggestionAfterError()
    .addHelpText('after', examples.replaceAll('etcd-tls-audit', name));

  const only = asked === undefined ? undefined : commands.get(asked);
  for (const add of only === undefined ? commands.values() : [only]) add(root, finish);
  root.commands.forEach(refuseUnusable);
  return root;
}

/** In the form of every other error. The first line quotes the input; the parser's suggestion is the only other line. */
function tellMistake(text: string): void {
  const lines = text.trimEnd().split('\n');
  const [, guess] = /^\(Did you mean (.+)\?\)$/.exec(lines.at(-1) ?? '') ?? [];
  const message = (guess === undefined ? lines : lines.slice(0, -1)).join('\n');
  tell(`etcd-tls-audit: ${message.replace(/^error: /, '')}`);
  const suggestion = guess === undefined ? '' : `did you mean ${guess}? otherwise `;
  tell(`hint: ${suggestion}run with --help for the commands and options`);
}

export const examples = `
Examples:
  # Before deploying: will these files work, and are they safe?
  etcd-tls-audit check ./certs ./10-etcd-member.conf

  # After deploying: does the running cluster do what the files say?
  etcd-tls-audit verify ./certs --endpoints https://10.0.0.1:2379

  # When a handshake fails: what does this line mean, and which side failed?
  journalctl -u etcd | etcd-tls-audit explain -

Exit codes: 0 PASS, 1 FAIL, 2 wrong usage or malformed input, 3 INCOMPLETE,
130 interrupted.`;

/** In the order in which the help text lists them. */
const commands: ReadonlyMap<string, (root: Command, finish: Finish) => void> = new Map([
  ['check', addCheck],
  ['verify', addVerify],
  ['explain', addExplain],
  ['certs', addCerts],
  ['collect', addCollect],
  ['init', addInit],
  ['checks', addChecks],
  ['render', addRender],
  ['completion', addCompletion],
  ['diff', addDiff],
]);

const pathsOfHosts = 'directories or files; NAME=DIRECTORY for the files of one host';

function addCheck(root: Command, finish: Finish): void {
  auditOptions(
    root
      .command('check')
      .summary('check certificates, keys and settings without using the network')
      .description(
        'Reads certificates, keys, CRLs, etcd settings and client settings from the given paths ' +
          '(default: the current directory), predicts every handshake and reports problems.',
      )
      .argument('[paths...]', pathsOfHosts),
    false,
  ).action(async (paths: string[], options: object) => {
    const { check } = await import('./commands/check.ts');
    finish(await check(paths, options));
  });
}

function addVerify(root: Command, finish: Finish): void {
  liveOptions(
    auditOptions(
      root
        .command('verify')
        .summary('run `check`, then test the running cluster')
        .description(
          'Runs `check`, then connects to the members and reports which certificates are served, which client ' +
            'certificates are accepted on the client and peer ports, and who is in the member list. ' +
            'Never writes to etcd.',
        )
        .argument('[paths...]', pathsOfHosts),
      true,
    ),
  ).action(async (paths: string[], options: object) => {
    const { verify } = await import('./commands/verify.ts');
    finish(await verify(paths, options));
  });
}

function addExplain(root: Command, finish: Finish): void {
  root
    .command('explain')
    .summary('explain a log line or an error text, and what to do')
    .argument(
      '[files...]',
      'log files, an error text in quotes, or `-` for standard input (default)',
    )
    .option(
      '--set <path...>',
      'certificates and settings of the cluster, to find the certificate at fault',
    )
    .option('--etcd-version <version>', 'with --set: the etcd version of the cluster')
    .option('--report <format>', 'text or json', 'text')
    .action(async (files: string[], options: object) => {
      const { explainFiles } = await import('./commands/explain.ts');
      finish(await explainFiles(files, options));
    });
}

function addCerts(root: Command, finish: Finish): void {
  root
    .command('certs')
    .summary('list every certificate with its role, owner, issuer and expiry date')
    .description(
      'Lists the certificates in files or served by endpoints, those that expire first at the top. With one file or one endpoint, ' +
        'shows every field as Go reads it and what etcd would accept the certificate for. Exits 1 if a certificate has expired, ' +
        'or expires within --expiry-warning.',
    )
    .argument('[paths...]', `${pathsOfHosts}; https:// URLs`)
    .option('--detail', 'every field of each certificate', false)
    .option('--report <format>', certificateFormats.join(', '), 'text')
    .option('--expiry-warning <days>', 'exit 1 if a certificate expires within, e.g. 60d')
    .option('--at <date>', 'count the days from this date, e.g. 2027-01-31')
    .option('--go-version <release>', 'Go release whose rules apply, e.g. 1.23')
    .option('--inventory <file>', 'file describing members, clients and files (see `init`)')
    .option('--map <prefix=directory>', 'where deployed paths are here; repeatable', collectValues)
    .option(
      '--timeout <duration>',
      'for each address of an endpoint, e.g. 5s or 800ms (default: "5s")',
    )
    .option('--color <when>', 'auto, always or never', 'auto')
    .action(async (paths: string[], options: object) => {
      const { listCertificates } = await import('./commands/certs.ts');
      finish(await listCertificates(paths, options));
    });
}

function addCollect(root: Command, finish: Finish): void {
  root
    .command('collect')
    .summary('write evidence of this host to standard output, for `check` on another host')
    .description(
      'Reads certificates, keys, CRLs and settings like `check` and writes them, without private keys, ' +
        'as evidence for `check --evidence`. Run it on each host, then check all hosts together.',
    )
    .argument('[paths...]', 'directories or files')
    .option('--host <name>', 'name of this host in reports (default: the host name)')
    .option('--output <file>', 'write to this file instead of standard output')
    .option('--etcd-binary <file>', 'etcd binary to read the version and build settings from')
    .action(async (paths: string[], options: object) => {
      const { collectHost } = await import('./commands/collect.ts');
      finish(await collectHost(paths, options));
    });
}

function addInit(root: Command, finish: Finish): void {
  root
    .command('init')
    .summary('write the inventory, etcd-tls.yaml, from the files found')
    .argument('[paths...]', 'directories or files')
    .option('--output <file>', 'file to write, `-` for standard output', 'etcd-tls.yaml')
    .option('--force', 'overwrite an existing file', false)
    .action(async (paths: string[], options: object) => {
      const { init } = await import('./commands/init.ts');
      finish(await init(paths, options));
    });
}

function addChecks(root: Command, finish: Finish): void {
  root
    .command('checks')
    .summary('list the checks, or print the page of one check')
    .argument('[id]', 'id of a check')
    .option('--severity <level>', 'only checks of this severity')
    .option(
      '--standard <name>',
      'only checks that cover a control of this benchmark, e.g. cis-1.12',
    )
    .option('--report <format>', 'text or json', 'text')
    .action(async (id: string | undefined, options: object) => {
      const { listChecks } = await import('./commands/checks.ts');
      finish(listChecks(id, options));
    });
}

function addRender(root: Command, finish: Finish): void {
  displayOptions(
    root
      .command('render')
      .summary('print a saved JSON report in another format')
      .argument('<report>', 'file written by `--report json=FILE`'),
    'that of the report',
  ).action(async (file: string, options: object) => {
    const { renderReport } = await import('./commands/render.ts');
    finish(await renderReport(file, options));
  });
}

function addCompletion(root: Command, finish: Finish): void {
  root
    .command('completion')
    .summary('print a completion script for bash, zsh or fish')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (name: string) => {
      const { printCompletion } = await import('./commands/completion.ts');
      finish(printCompletion(program(finish), name));
    });
}

function addDiff(root: Command, finish: Finish): void {
  root
    .command('diff')
    .summary('compare two JSON reports: new, resolved and unchanged findings')
    .argument('<old>', 'earlier JSON report')
    .argument('<new>', 'later JSON report')
    .option('--report <format>', 'text or json', 'text')
    .action(async (before: string, after: string, options: object) => {
      const { diffReports } = await import('./commands/diff.ts');
      finish(await diffReports(before, after, options));
    });
}
