import type { Command } from 'commander';
import { json } from '../../../src/report/json.ts';
import { program } from '../../../src/cli/program.ts';
import type { Random } from '../../oracle/random.ts';
import { everyVerdict } from '../../report/every-verdict.ts';
import { directoryWith } from '../../support/directory.ts';
import { seedDropIn, seedFiles } from '../../support/seed-set.ts';
import { hostileText } from '../hostile-text.ts';
import { checkCommand } from '../command.ts';
import { secretPieces, wholeSecrets } from '../secrets.ts';
import { type FuzzTarget, tried } from '../target.ts';

const values: readonly string[] = [
  '',
  '0',
  '-1',
  '1e9',
  '30d',
  '99999d',
  '5s',
  '3.5.21',
  'go1.23',
  '999999999999999999999.1',
  '2027-01-31',
  '2027-13-99',
  '9999-12-31T23:59:59Z',
  'high',
  'json',
  'cis-1.12',
  'a=b',
  '=b',
  'a=',
  '/etc=set',
  'node1,node2',
  'https://127.0.0.1:1',
  'https://[::1',
  'set',
  'set/ca_cert.pem',
  'set/client_key_insecure.pem',
  'set/10-etcd-member.conf',
  'report.json',
  'missing',
  'constructor',
  '__proto__',
  ...secretPieces,
];

/** Options that write files, which a run in a directory of its own may do, but not under hostile names. */
const writing = new Set(['--output', '--save-evidence']);

/** Command lines of options and values in any mix: done, or refused with a reason. */
export const commands: FuzzTarget = {
  name: 'commands',
  mostMilliseconds: 5000,
  inputs: 800,
  async prepare() {
    const files = await seedFiles();
    const set = await directoryWith({
      'set/10-etcd-member.conf': seedDropIn,
      'set/ca_cert.pem': files['ca_cert.pem'] ?? '',
      'set/client_cert.pem': files['client_cert.pem'] ?? '',
      'set/client_key_insecure.pem': files['client_key_insecure.pem'] ?? '',
      'report.json': json(everyVerdict),
    });
    // Neither the network nor standard input is what this target is about.
    const usable = program(() => {}).commands.filter((each) => each.name() !== 'verify');
    return async (random) => {
      const args = commandLine(random.pick(usable), random).map((value) =>
        value.replaceAll(/\b(set|report\.json|missing)\b/g, (name) => set.at(name)),
      );
      return tried(args.join('\n'), () => checkCommand(args, wholeSecrets(args.join('\0'))));
    };
  },
};

function commandLine(command: Command, random: Random): readonly string[] {
  const options = command.options.filter(({ long }) => !writing.has(long ?? ''));
  const given = Array.from({ length: options.length === 0 ? 0 : random.below(5) }, () =>
    random.pick(options),
  ).flatMap(({ long, required }) => [long ?? '', ...(required ? [valueOf(random)] : [])]);
  const operands = Array.from({ length: 1 + random.below(2) }, () =>
    random.pick([
      'set',
      'set/ca_cert.pem',
      'report.json',
      'report.json',
      'missing',
      valueOf(random),
    ]),
  );
  // Its own file is the only output that has a name by itself.
  const output = command.name() === 'init' ? ['--output', '-'] : [];
  return [
    command.name(),
    ...output,
    ...given,
    '--',
    ...operands.map((text) => (text === '' ? 'set' : text)),
  ];
}

function valueOf(random: Random): string {
  const text = random.below(3) === 0 ? hostileText(random) : random.pick(values);
  // `--report FORMAT=FILE` writes, `certs` dials https://, and no system passes NUL on.
  return text.replaceAll(/=(?=.)|https:\/\/10|\0/g, '');
}
