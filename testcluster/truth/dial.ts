import { join } from 'node:path';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { deployedDirectory } from '../plan.ts';
import type { Ended } from '../run.ts';
import type { Cluster } from '../types.ts';
import { etcdctlVariables } from '../write-plan.ts';
import { alertNames, type Observation } from './observation.ts';

/** Certificate and key that someone shows. */
export interface Shown {
  readonly certificate: string;
  readonly key: string;
}

type Seen = Pick<Observation, 'outcome' | 'clientWords'>;

/** Asks a member for its status as the etcdctl of its release does, with exactly the script's variables. */
export async function dialWithEtcdctl(
  cluster: Cluster,
  binaries: EtcdBinaries,
  url: string,
): Promise<Seen> {
  const variables = Object.entries(etcdctlVariables(cluster.plan.clients)).map(
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
    ...placeFor(url),
  });
  return {
    outcome: ended.code === 0 ? 'accepted' : 'refused',
    clientWords: linesOf(ended).filter((line) => /rror|desc|refuse|tls|x509|must both/.test(line)),
  };
}

/** Asks for /version with OpenSSL, which shows whatever certificate it is told to, and judges nobody. */
export async function dialWithOpenssl(
  cluster: Cluster,
  url: string,
  source: string,
  shown: Shown | undefined,
): Promise<Seen> {
  const { hostname, port } = new URL(url);
  const place = placeFor(url);
  const ended = await cluster.run(
    'openssl',
    [
      's_client',
      '-quiet',
      '-connect',
      `${hostname}:${port}`,
      ...('inside' in place ? [] : ['-bind', `${source}:0`]),
      '-cipher',
      'DEFAULT:@SECLEVEL=0',
      ...(shown === undefined ? [] : ['-cert', shown.certificate, '-key', shown.key]),
    ],
    { input: request(hostname), timeoutMilliseconds: 6000, ...place },
  );
  return seenByOpenssl(ended);
}

function seenByOpenssl(ended: Ended): Seen {
  if (ended.stdout.includes('HTTP/1.')) {
    return { outcome: 'accepted', clientWords: [] };
  }
  const alert = /SSL alert number (\d+)/.exec(ended.stderr)?.[1];
  const words = alert === undefined ? 'EOF' : `remote error: tls: ${alertNames[alert] ?? alert}`;
  const unreachable = /connect:errno|Connection refused/.test(ended.stderr) || ended.code === 124;
  return unreachable
    ? { outcome: 'unseen', clientWords: [] }
    : { outcome: 'refused', clientWords: [words] };
}

/** Asks for /version in clear. */
export async function dialInClear(cluster: Cluster, url: string, source: string): Promise<Seen> {
  const place = placeFor(url);
  const bound = 'inside' in place ? [] : ['--interface', source];
  const parameters = ['-s', '-m', '3', '--noproxy', '*', ...bound, `${url}/version`];
  const ended = await cluster.run('curl', parameters, place);
  const admitted = ended.stdout.includes('etcdserver');
  return { outcome: admitted ? 'accepted' : 'refused', clientWords: [] };
}

/** Makes a member dial itself: a request to the gateway. Undefined when nobody gets as far as that. */
export async function askGateway(
  cluster: Cluster,
  url: string,
  source: string,
): Promise<Seen | undefined> {
  const credentials = ['client', 'node_1'].map((stem) => ({
    certificate: join(cluster.certificates, `${stem}_cert.pem`),
    key: join(cluster.certificates, `${stem}_key_insecure.pem`),
  }));
  // The path has changed with 3.4; older gateways know it as v3beta alone.
  const paths = ['v3', 'v3beta'].map((version) => `${url}/${version}/maintenance/status`);
  for (const shown of [...credentials, undefined]) {
    for (const path of paths) {
      const seen = gatewayAnswer(await post(cluster, path, source, shown));
      if (seen !== undefined) {
        return seen;
      }
    }
  }
  return undefined;
}

async function post(
  cluster: Cluster,
  url: string,
  source: string,
  shown: Shown | undefined,
): Promise<Ended> {
  const credential = shown === undefined ? [] : ['--cert', shown.certificate, '--key', shown.key];
  const quiet = ['-s', '-k', '-m', '4', '--http1.1', '--noproxy', '*', '--interface', source];
  const ciphers = ['--ciphers', 'DEFAULT:@SECLEVEL=0'];
  const more = ['-d', '{}', '-w', '\n%{http_code}', url];
  return cluster.run('curl', [...quiet, ...ciphers, ...credential, ...more]);
}

function gatewayAnswer({ stdout }: Ended): Seen | undefined {
  const code = stdout.trim().split('\n').at(-1) ?? '000';
  if (code === '200') {
    return { outcome: 'accepted', clientWords: [] };
  }
  // 404 is for a path that this release does not have, or for a gateway that is off
  return code === '000' || code === '404'
    ? undefined
    : { outcome: 'refused', clientWords: [stdout] };
}

/** Loopback addresses are the member's own, not the client's. */
function placeFor(url: string): { inside?: string } {
  return /\/\/(127\.|localhost|\[::1\])/.test(url) ? { inside: 'node1' } : {};
}

function request(host: string): string {
  return `GET /version HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
}

function linesOf({ stdout, stderr }: Ended): readonly string[] {
  return `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
}
