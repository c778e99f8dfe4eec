import { parseArgs } from 'node:util';
import { ignoreClosedPipe } from '../src/cli/closed-pipe.ts';
import {
  describeStatus,
  down,
  runInside,
  type UpOptions,
  up,
  usualDirectory,
  writeSet,
} from './commands.ts';
import { faults } from './faults/index.ts';
import { runtimes } from './nodes.ts';
import { settingsNames } from './plan.ts';

const usage = `usage: npm run testcluster -- COMMAND [OPTIONS]

  up        issue certificates, write settings, start three members, wait until they serve
  down      end exactly what up started, and remove what it wrote
  status    what is running, and what every member's log says of itself
  run       run a command where a client of the cluster is: run -- COMMAND…
  write     certificates and settings alone: write SETTINGS DIRECTORY
  faults    the mistakes that --fault can put in

  --runtime ${runtimes.join('|')}   the first of these that works here unless given
  --etcd VERSION                a release or series, fetched if need be; else what is installed
  --settings ${settingsNames.join('|')}        the document as it stands, or fixed; seed unless given
  --fault NAME                  the fixed settings with one mistake
  --keys ecdsa|rsa              ecdsa unless given
  --directory DIRECTORY         ${usualDirectory} unless given
`;

ignoreClosedPipe(process.stdout);
process.exitCode = await main(process.argv.slice(2));

async function main(parameters: readonly string[]): Promise<number> {
  try {
    return await obey(parameters);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    process.stderr.write(`testcluster: ${said}\n`);
    return isMisuse(error) ? 2 : 1;
  }
}

async function obey(parameters: readonly string[]): Promise<number> {
  const { values, positionals } = parse(parameters);
  const [command = '', ...rest] = positionals;
  switch (command) {
    case 'up':
      return say(await up(values));
    case 'down':
      return say(await down(values.directory));
    case 'status':
      return say(await describeStatus(values.directory));
    case 'run':
      return runInside(values.directory, rest);
    case 'write':
      return say(await writeSet(rest));
    case 'faults':
      return say(faults.map(({ name, what }) => `${name}\n    ${what}`).join('\n'));
    default:
      process.stderr.write(usage);
      return 2;
  }
}

function parse(parameters: readonly string[]): { values: UpOptions; positionals: string[] } {
  const text = { type: 'string' } as const;
  return parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      runtime: text,
      etcd: text,
      settings: text,
      fault: text,
      keys: text,
      directory: { ...text, default: usualDirectory },
    },
  });
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** `parseArgs` throws errors of this kind for options that it does not know. */
function isMisuse(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && /^ERR_PARSE_ARGS|MISUSE/.test(String(error.code))
  );
}
