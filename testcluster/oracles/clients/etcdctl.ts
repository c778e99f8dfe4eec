import { isLoopback } from '../../truth/attempts.ts';
import { type EtcdBinaries, etcdBinaries, fetchedBinaries, releases } from '../../etcd-binaries.ts';
import type { Answer, OracleClient, Program, Visit } from '../oracle-client.ts';
import { flagsOf, type ClientAccess } from '../client-access.ts';

/** One way of calling etcdctl. */
interface Call {
  readonly name: string;
  readonly members?: 3;
  readonly flags: (given: ClientAccess) => readonly string[];
  readonly command: string;
  /** The endpoints have no scheme. */
  readonly bare?: true;
  /** One call for all endpoints, instead of one for each. */
  readonly atOnce?: true;
}

const names = { ca: '--cacert', cert: '--cert', key: '--key' };

const calls: readonly Call[] = [
  {
    name: 'etcdctl',
    flags: (given) => [endpoints(given), ...flagsOf(given, names)],
    command: 'endpoint status',
  },
  {
    name: 'etcdctl --insecure-skip-tls-verify',
    flags: (given) => [endpoints(given), ...flagsOf(given, names), '--insecure-skip-tls-verify'],
    command: 'endpoint status',
  },
  {
    name: 'etcdctl --insecure-transport=false',
    flags: (given) => [bareEndpoints(given), '--insecure-transport=false'],
    bare: true,
    command: 'endpoint status',
  },
  {
    name: 'etcdctl with three endpoints',
    members: 3,
    flags: (given) => [endpoints(given), ...flagsOf(given, names)],
    command: 'endpoint health',
    atOnce: true,
  },
  {
    name: 'etcdctl endpoint health --cluster',
    members: 3,
    flags: (given) => [endpoints(given), ...flagsOf(given, names)],
    command: 'endpoint health --cluster',
    atOnce: true,
  },
];

export const clients: readonly OracleClient[] = calls.map(
  ({ name, members, flags, command, bare, atOnce }): OracleClient => ({
    name,
    source: 'the etcdctl of each etcd',
    ...(members !== undefined && { members }),
    settings: (given) => ({
      'health.sh': `#!/bin/sh\nETCDCTL_API=3 etcdctl ${[...flags(given), command].join(' ')}\n`,
    }),
    // Every release is called the plain way, two the others.
    programs: async () =>
      (await programs()).filter(({ release }) => name === 'etcdctl' || /^3\.[46]\./.test(release)),
    connect: async (visit) => {
      const asked = atOnce === true ? [visit.given] : visit.given.endpoints.map(alone(visit.given));
      const answers = await Promise.all(
        asked.map((given) =>
          call(
            visit,
            [...flags(given), ...command.split(' ')],
            (bare === true ? withTls(given) : given).endpoints,
          ),
        ),
      );
      return answers.flat();
    },
  }),
);

function alone(given: ClientAccess): (url: string) => ClientAccess {
  return (url) => ({ ...given, endpoints: [url] });
}

function endpoints(given: ClientAccess): string {
  return `--endpoints=${given.endpoints.join(',')}`;
}

function bareEndpoints(given: ClientAccess): string {
  return endpoints(given).replaceAll(/https?:\/\//g, '');
}

/** Without a scheme they are dialled with TLS. */
function withTls(given: ClientAccess): ClientAccess {
  return { ...given, endpoints: given.endpoints.map((url) => url.replace(/^http:/, 'https:')) };
}

async function programs(): Promise<readonly Program[]> {
  const wanted = await Promise.allSettled(releases.map(({ version }) => etcdBinaries(version)));
  const had = wanted.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const all = had.length > 0 ? had : await fetchedBinaries();
  return all.map(programOf);
}

function programOf({ version, goVersion, etcdctl }: EtcdBinaries): Program {
  return { release: version, goVersion, command: [etcdctl] };
}

function isExplained({ outcome, words }: Answer): boolean {
  return (
    outcome === 'accepted' || words.some((line) => /tls|x509|refused|both be present/.test(line))
  );
}

/** On a busy machine two seconds can be too few for anything to be said. */
async function call(
  visit: Visit,
  parameters: readonly string[],
  asked: readonly string[],
): Promise<readonly Answer[]> {
  const answers = await callWithin('2s', visit, parameters, asked);
  return answers.every(isExplained) ? answers : callWithin('12s', visit, parameters, asked);
}

async function callWithin(
  time: string,
  { program, cluster }: Visit,
  parameters: readonly string[],
  asked: readonly string[],
): Promise<readonly Answer[]> {
  const [etcdctl] = program.command;
  const limits = ['--debug', `--command-timeout=${time}`, `--dial-timeout=${time}`];
  const [first = ''] = asked;
  const ended = await cluster.run(etcdctl, [...limits, ...parameters], {
    environment: { ETCDCTL_API: '3' },
    timeoutMilliseconds: 60_000,
    ...(isLoopback(first) && { inside: 'node1' }),
  });
  const lines = `${ended.stdout}\n${ended.stderr}`.split('\n');
  return asked.map((to) => {
    const host = to.replace(/^https?:\/\//, '');
    const about = asked.length === 1 ? lines : lines.filter((line) => line.includes(host));
    const isHealthy = about.some((line) => line.includes(`${host} is healthy`));
    const outcome = (asked.length === 1 ? ended.code === 0 : isHealthy) ? 'accepted' : 'refused';
    return { to, outcome, words: about };
  });
}
