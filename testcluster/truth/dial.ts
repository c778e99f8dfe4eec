import { join } from 'node:path';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { type ClientsPlan, deployedDirectory } from '../plan.ts';
import type { Ended } from '../run.ts';
import type { Cluster, ClusterMember } from '../types.ts';
import { etcdctlVariables } from '../write-plan.ts';
import { isLoopback } from './attempts.ts';
import { dialerProgram } from './dialer.ts';
import type { Observation } from './observation.ts';

/** A certificate and key to present. */
export interface Shown {
  readonly certificate: string;
  readonly key: string;
}

type Seen = Pick<Observation, 'outcome' | 'clientWords'>;

/**
 * Asks a member for its status as the etcdctl of its release does, with exactly the script's variables. Where
 * the connection was reset before etcdctl read why, it asks again.
 */
export async function dialWithEtcdctl(
  cluster: Cluster,
  binaries: EtcdBinaries,
  url: string,
  clients: ClientsPlan,
): Promise<Seen> {
  const words: string[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const seen = await askOnce(cluster, binaries, url, clients);
    words.push(...seen.clientWords);
    const isStated = seen.clientWords.some((line) => /x509|tls: |first record/.test(line));
    if (seen.outcome === 'accepted' || isStated || !words.some(mentionsReset)) {
      return { ...seen, clientWords: words };
    }
  }
  return { outcome: 'refused', clientWords: words };
}

function mentionsReset(line: string): boolean {
  return /connection reset by peer|broken pipe/.test(line);
}

async function askOnce(
  cluster: Cluster,
  binaries: EtcdBinaries,
  url: string,
  clients: ClientsPlan,
): Promise<Seen> {
  const variables = Object.entries(etcdctlVariables(clients)).map(
    ([name, value]): [string, string] => [
      name,
      value.replaceAll(deployedDirectory, cluster.certificates),
    ],
  );
  const environment = { ...Object.fromEntries(variables), ETCDCTL_ENDPOINTS: url };
  const quick = ['--debug', '--command-timeout=2s'];
  const ended = await cluster.run(binaries.etcdctl, [...quick, 'endpoint', 'status'], {
    environment: { ...environment, ETCDCTL_DIAL_TIMEOUT: '2s' },
    timeoutMilliseconds: 8000,
    ...placeFor(url, 'node1'),
  });
  return {
    outcome: ended.code === 0 ? 'accepted' : 'refused',
    clientWords: linesOf(ended).filter((line) =>
      /rror|desc|refuse|deadline|tls|x509|must both/.test(line),
    ),
  };
}

interface Asked {
  /** Whose loopback addresses are meant. */
  readonly member: string;
  readonly shown?: Shown | undefined;
  readonly body?: string;
}

/**
 * Asks for a page with crypto/tls, presenting the certificate given. `source` is the address it dials
 * from, by which the listener's log distinguishes this connection from the others.
 */
export async function dialWithGo(
  cluster: Cluster,
  url: string,
  source: string,
  { member, shown, body }: Asked,
): Promise<Answer> {
  const ended = await cluster.run(
    await dialerProgram(),
    [
      '-url',
      url,
      '-source',
      source,
      ...(shown === undefined ? [] : ['-cert', shown.certificate, '-key', shown.key]),
      ...(body === undefined ? [] : ['-body', body]),
    ],
    {
      environment: { GODEBUG: everythingAllowed },
      timeoutMilliseconds: 30_000,
      ...placeFor(url, member),
    },
  );
  return answerIn(ended);
}

/** What the dialer prints. */
interface Answer {
  readonly outcome: 'answered' | 'refused' | 'unreachable';
  /** Address and port it came from. */
  readonly local?: string;
  readonly error?: string;
  readonly status?: number;
  readonly body?: string;
}

/** Go refuses these by default in its newer releases; the dialer must not. */
const everythingAllowed =
  'rsa1024min=0,tlsrsakex=1,tls3des=1,tls10server=1,tlssha1=1,x509negativeserial=1';

function answerIn({ stdout, stderr }: Ended): Answer {
  const answer: unknown = JSON.parse(stdout === '' ? 'null' : stdout);
  if (typeof answer !== 'object' || answer === null || !('outcome' in answer)) {
    throw new Error(`the dialer printed no answer: ${stderr}`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- testcluster/dialer printed it
  return answer as Answer;
}

/** What an observation says of an answer: etcd gives its page with 200; Go's servers refuse in words with 400. */
export function seenBy({ outcome, status, body = '', error = '' }: Answer): Seen {
  if (outcome === 'answered') {
    return status === 200
      ? { outcome: 'accepted', clientWords: [] }
      : { outcome: 'refused', clientWords: [body] };
  }
  return { outcome: 'refused', clientWords: [error] };
}

/** Makes a member dial itself: a request to the gateway. Undefined when no client reaches it. */
export async function askGateway(
  cluster: Cluster,
  { name, node }: ClusterMember,
  url: string,
  source: string,
): Promise<Seen | undefined> {
  const credentials = ['client', `node_${node.number}`].map((stem) => ({
    certificate: join(cluster.certificates, `${stem}_cert.pem`),
    key: join(cluster.certificates, `${stem}_key_insecure.pem`),
  }));
  // The path has changed with 3.4; older gateways know it as v3beta alone.
  const paths = ['v3', 'v3beta'].map((version) => `${url}/${version}/maintenance/status`);
  for (const shown of [...credentials, undefined]) {
    for (const path of paths) {
      const seen = gatewayAnswer(
        await dialWithGo(cluster, path, source, { member: name, shown, body: '{}' }),
      );
      if (seen !== undefined) {
        return seen;
      }
    }
  }
  return undefined;
}

function gatewayAnswer({ outcome, status, body = '' }: Answer): Seen | undefined {
  if (outcome !== 'answered' || status === 404) {
    // 404 is for a path that this release does not have, or for a gateway that is off
    return undefined;
  }
  return status === 200
    ? { outcome: 'accepted', clientWords: [] }
    : { outcome: 'refused', clientWords: [body] };
}

/** Loopback addresses are the member's own, not the client's. */
function placeFor(url: string, member: string): { inside?: string } {
  return isLoopback(url) ? { inside: member } : {};
}

function linesOf({ stdout, stderr }: Ended): readonly string[] {
  return `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
}
