import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authority, issueAuthority } from '../issue/issue.ts';
import type { Cluster } from '../cluster.ts';
import { deployed } from '../plan.ts';
import { endProcess, until } from '../processes.ts';
import { shiftClock } from '../shift-clock.ts';
import { writePlan } from '../write-plan.ts';
import type { LiveFault, Scene } from './live-fault.ts';
import { answersAsProxy, drips, endsTls, greetsAsSsh, insteadOfEtcd, resets } from './stand-ins.ts';

export type { LiveFault } from './live-fault.ts';

const clientSerial = '5c0ffee1';

const ofLastYear = {
  validFrom: new Date(Date.now() - 400 * 86_400_000),
  validTo: new Date(Date.now() + 400 * 86_400_000),
};

const onIpv6: Pick<LiveFault, 'nodes'> = {
  nodes: (nodes) => nodes.map((node) => ({ ...node, address: '[::1]' })),
};

/** What happens to a running cluster, and two that look odd and are sound. */
export const liveFaults: readonly LiveFault[] = [
  { name: 'healthy', what: 'nothing is wrong', verify: [], explain: [], inContainers: true },
  {
    name: 'source-address-translated',
    what: 'something between the members rewrites the source address of one of them',
    runtime: 'netns',
    members: 3,
    inject: async ({ cluster }) => {
      const [first, ...others] = cluster.members;
      const via = `via ${first?.node.address}`;
      await inside(
        cluster,
        'node1',
        'ip address add 192.0.2.77/32 dev eth0',
        'iptables -t nat -A POSTROUTING -p tcp --dport 2380 -j SNAT --to-source 192.0.2.77',
        ...breakStreams,
      );
      for (const { name } of others) await inside(cluster, name, `ip route add 192.0.2.77 ${via}`);
      await untilLogged(cluster, 'node2', /192\.0\.2\.77/);
      await untilLogged(cluster, 'node1', refusedPeer);
    },
    verify: ['SAN-PEER', 'NET'],
    isUndecided: true,
    explain: ['SAN-PEER'],
    alsoTrue: ['NET'],
  },
  {
    name: 'dropped-between-members',
    what: 'a firewall drops what one member sends to the peer ports of the others',
    runtime: 'netns',
    members: 3,
    inject: async ({ cluster }) => {
      const drop = 'iptables -A OUTPUT -p tcp --dport 2380 -j DROP';
      await inside(cluster, 'node1', drop, ...breakStreams);
      await untilLogged(cluster, 'node1', refusedPeer);
    },
    verify: ['SAN-PEER', 'NET'],
    isUndecided: true,
    explain: ['NET'],
  },
  {
    name: 'silent',
    what: 'the process hangs: the kernel takes connections, and no process answers',
    inject: ({ cluster }) => {
      for (const { id } of Object.values(cluster.handle.processes)) process.kill(id, 'SIGSTOP');
    },
    verify: ['NET'],
    explain: [],
  },
  standIn('reset', 'something resets connections when TLS begins', resets, 'NET'),
  standIn('slow-drip', 'the answer comes byte by byte', drips, 'NET'),
  standIn('wrong-port', 'another service listens on the port', greetsAsSsh, 'CLI'),
  standIn('http-proxy', 'an HTTP proxy answers instead of etcd', answersAsProxy, 'PROXY'),
  {
    name: 'tls-terminating-proxy',
    what: 'a balancer ends TLS with a certificate of its own',
    ...elsewhere(endsTls),
    verify: ['PROXY'],
    explain: [],
  },
  {
    name: 'plain-http',
    what: 'the running process listens with http, the files say https',
    starts: () => ({
      environment: ({ clientPort, address }) => ({
        ETCD_LISTEN_CLIENT_URLS: `http://${address}:${clientPort}`,
      }),
    }),
    inject: async (scene) => {
      await restoreSettings(scene, ({ clientPort, address }) => ({
        ETCD_LISTEN_CLIENT_URLS: `https://${address}:${clientPort}`,
      }));
    },
    verify: ['SCHEME'],
    explain: ['SCHEME', 'CONFIG'],
  },
  {
    name: 'stale-authority-in-memory',
    what: 'the CA of the clients was replaced on disk while etcd was running',
    inject: async ({ cluster: { certificates } }) => {
      const authority = await issueAuthority({ commonName: 'etcd cluster CA of this year' });
      await replaceClient(certificates, authority);
      await addAuthority(certificates, authority);
    },
    verify: ['CA-ROT'],
    explain: ['CA-SERVER', 'CA-ROT', 'CA-MIX'],
    inContainers: true,
  },
  {
    name: 'same-named-authority-replaced',
    what: 'a CA of the old name and all certificates by it are new on disk; no restart',
    inject: async ({ cluster: { certificates } }) => {
      const authority = await issueAuthority({ commonName: 'etcd cluster CA' });
      await replaceClient(certificates, authority);
      const hosts = ['127.0.0.1', 'localhost'];
      const server = await authority.issue({ commonName: 'node1', hosts });
      await put(certificates, 'node_1_cert.pem', server.certificatePem);
      await put(certificates, 'node_1_key_insecure.pem', server.privateKeyPem);
      await put(certificates, 'ca_cert.pem', authority.certificatePem);
    },
    verify: ['CA-ROT'],
    explain: ['CA-MIX'],
  },
  {
    name: 'same-named-authority-added',
    what: 'the CA was recreated with the same name and is on disk next to the old one; no restart',
    inject: async ({ cluster: { certificates } }) => {
      const authority = await issueAuthority({ commonName: 'etcd cluster CA' });
      await replaceClient(certificates, authority);
      await addAuthority(certificates, authority);
    },
    verify: ['CA-ROT'],
    explain: ['CA-MIX'],
    inContainers: true,
  },
  {
    name: 'half-replaced-pair',
    what: 'the key was replaced on disk and the certificate was not',
    inject: async ({ cluster: { certificates } }) => {
      const other = await (await issueAuthority({ commonName: 'other' })).issue({});
      await put(certificates, 'node_1_key_insecure.pem', other.privateKeyPem);
    },
    verify: ['PEM'],
    explain: ['PEM'],
    inContainers: true,
  },
  {
    name: 'member-down',
    what: 'one of three members has ended',
    members: 3,
    inject: async ({ cluster }) => {
      const started = cluster.handle.processes['node3'];
      if (started !== undefined) await endProcess(started);
      await until(async () => /connection refused/.test(await cluster.logs('node1')), 10_000);
    },
    verify: ['NET'],
    explain: ['NET'],
  },
  {
    name: 'quorum-lost',
    what: 'two of three members have ended',
    members: 3,
    inject: async ({ cluster }) => {
      for (const name of ['node2', 'node3']) {
        const started = cluster.handle.processes[name];
        if (started !== undefined) await endProcess(started);
      }
      await until(async () => /connection refused/.test(await cluster.logs('node1')), 10_000);
    },
    verify: ['NET'],
    explain: ['NET'],
  },
  {
    name: 'member-frozen',
    what: 'one of three members hangs: the kernel takes connections, and no process answers',
    members: 3,
    inject: ({ cluster }) => {
      const started = cluster.handle.processes['node3'];
      if (started !== undefined) process.kill(started.id, 'SIGSTOP');
    },
    verify: ['NET'],
    explain: [],
    // Where the frozen member led, the others write that they lost it, and not why.
    alsoTrue: ['UNKNOWN'],
  },
  {
    name: 'expired-while-running',
    what: 'the certificate of the client expired after the start',
    starts: () => ({ leaves: { client: { validTo: new Date(Date.now() + 4000) } } }),
    inject: waitForExpiry,
    verify: ['EXPIRED'],
    explain: ['EXPIRED'],
  },
  {
    name: 'clock-behind',
    what: "the member's clock is three hours behind, and the client's certificate is new",
    starts: () => ({
      authorities: {
        ca: { ...ofLastYear, commonName: 'etcd cluster CA' },
        peer_ca: { ...ofLastYear, commonName: 'etcd peer CA' },
      },
      leaves: {
        node_1: ofLastYear,
        node_1_peer: ofLastYear,
        client: { validFrom: new Date(Date.now() - 3_600_000) },
      },
    }),
    inject: async ({ cluster }) => {
      const hours = 3600;
      for (const { id } of Object.values(cluster.handle.processes))
        await shiftClock(id, -3 * hours);
    },
    verify: ['CLOCK'],
    explain: ['CLOCK'],
  },
  {
    name: 'ipv6',
    what: 'a sound cluster at ::1',
    ...onIpv6,
    starts: () => ({
      leaves: { node_1: { hosts: ['::1', 'localhost'] }, node_1_peer: { hosts: ['::1'] } },
    }),
    verify: [],
    explain: [],
  },
  {
    name: 'ipv6-not-in-certificate',
    what: 'clients connect to ::1, and the certificate contains 127.0.0.1 only',
    ...onIpv6,
    starts: () => ({
      leaves: { node_1: { hosts: ['127.0.0.1'] }, node_1_peer: { hosts: ['::1'] } },
    }),
    verify: ['SAN'],
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'tls-1.3-only',
    what: 'a sound cluster that speaks TLS 1.3 alone',
    starts: () => ({ environment: { ETCD_TLS_MIN_VERSION: 'TLS1.3' } }),
    verify: [],
    explain: [],
    since: '3.5.8',
  },
  {
    name: 'revoked-client',
    what: 'the running process has a CRL with the client in it, which the files do not show',
    starts: () => ({
      leaves: { client: { serialNumber: clientSerial } },
      files: {
        'revoked.crl': async (made) =>
          made.authority('ca').revoke([clientSerial], { encoding: 'DER' }),
      },
      environment: { ETCD_CLIENT_CRL_FILE: deployed('revoked.crl') },
    }),
    inject: async (scene) => {
      await restoreSettings(scene, () => ({ ETCD_CLIENT_CRL_FILE: undefined }));
    },
    verify: ['AUTHZ'],
    explain: ['AUTHZ'],
  },
  {
    name: 'name-not-allowed',
    what: 'the running process has a list of allowed names, which the files do not show',
    starts: () => ({ environment: { ETCD_CLIENT_CERT_ALLOWED_HOSTNAME: 'operator' } }),
    inject: async (scene) => {
      await restoreSettings(scene, () => ({ ETCD_CLIENT_CERT_ALLOWED_HOSTNAME: undefined }));
    },
    verify: ['AUTHZ'],
    // The gateway inherits the list and refuses its own member's certificate, with alert 42.
    explain: ['AUTHZ', 'UNKNOWN'],
    since: '3.5',
  },
  {
    name: 'stale-peer-authority',
    what: 'the CA of the peers and the certificates of one member are new on disk; no restart',
    members: 3,
    inject: async ({ cluster: { certificates } }) => {
      const authority = await issueAuthority({ commonName: 'etcd peer CA of this year' });
      const peer = await authority.issue({
        commonName: 'node1',
        hosts: ['127.0.0.1', 'localhost'],
      });
      await put(certificates, 'node_1_peer_cert.pem', peer.certificatePem);
      await put(certificates, 'node_1_peer_key_insecure.pem', peer.privateKeyPem);
      const old = await readFile(join(certificates, 'peer_ca_cert.pem'), 'utf8');
      await put(certificates, 'peer_ca_cert.pem', `${old}${authority.certificatePem}`);
    },
    verify: ['CA-ROT'],
    explain: [],
  },
  {
    name: 'users-and-roles',
    what: 'authentication by users is on, and the certificate is none of theirs',
    inject: async ({ cluster }) => {
      const steps = [
        ['user', 'add', 'root:secret'],
        ['user', 'grant-role', 'root', 'root'],
        ['auth', 'enable'],
      ];
      for (const step of steps) await cluster.etcdctl(...step);
    },
    verify: ['AUTHZ'],
    survey: true,
    explain: ['AUTHZ'],
    quietSince: '3.5',
  },
];

/** What a member logs of a peer that it cannot reach, from 3.4 on and before. */
const refusedPeer = /prober detected unhealthy status|could not connect/;

/** Ends open connections, so that they have to be made again. */
const breakStreams = ['ss -K dport = 2380', 'ss -K sport = 2380'];

async function inside(cluster: Cluster, member: string, ...commands: readonly string[]) {
  for (const command of commands) {
    const { code, stderr } = await cluster.run('sh', ['-c', command], { inside: member });
    if (code !== 0) throw new Error(`${command}: ${stderr}`);
  }
}

async function untilLogged(cluster: Cluster, member: string, words: RegExp): Promise<void> {
  const isThere = await until(async () => words.test(await cluster.logs(member)), 40_000);
  if (!isThere) throw new Error(`${member} never logged ${words}`);
}

async function replaceClient(certificates: string, authority: Authority): Promise<void> {
  const client = await authority.issue({ commonName: 'etcd-client', usages: ['clientAuth'] });
  await put(certificates, 'client_cert.pem', client.certificatePem);
  await put(certificates, 'client_key_insecure.pem', client.privateKeyPem);
}

async function addAuthority(certificates: string, { certificatePem }: Authority): Promise<void> {
  const old = await readFile(join(certificates, 'ca_cert.pem'), 'utf8');
  await put(certificates, 'ca_cert.pem', `${old}${certificatePem}`);
}

function standIn(
  name: string,
  what: string,
  serve: Parameters<typeof insteadOfEtcd>[0],
  cause: LiveFault['verify'][number],
): LiveFault {
  const inject = insteadOfEtcd(serve);
  return { name, what, ...elsewhere(inject), verify: [cause], explain: [] };
}

/** etcd listens at another address than its files say, so that something else can take this one. */
function elsewhere(
  inject: (scene: Scene) => Promise<void>,
): Required<Pick<LiveFault, 'starts' | 'inject'>> {
  return {
    starts: () => ({
      leaves: { node_1: { hosts: ['127.0.0.1', '127.0.0.2', 'localhost'] } },
      environment: ({ clientPort }) => ({
        ETCD_LISTEN_CLIENT_URLS: `https://127.0.0.2:${clientPort}`,
      }),
    }),
    inject: async (scene) => {
      await restoreSettings(scene, ({ address, clientPort }) => ({
        ETCD_LISTEN_CLIENT_URLS: `https://${address}:${clientPort}`,
      }));
      await inject(scene);
    },
  };
}

async function waitForExpiry(): Promise<void> {
  const from = Date.now();
  await until(() => Date.now() > from + 5000, 10_000);
}

/** Writes the settings that an operator believes to be in force; certificates stay as they are. */
async function restoreSettings(
  { cluster }: Scene,
  variables: (
    node: Scene['cluster']['members'][number]['node'],
  ) => Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { plan, set } = cluster;
  const members = plan.members.map((member) => ({
    ...member,
    environment: { ...member.environment, ...variables(member.node) },
  }));
  await writePlan({ ...plan, members, recipe: { authorities: {}, leaves: {}, files: {} } }, set);
}

async function put(directory: string, name: string, content: string): Promise<void> {
  await writeFile(join(directory, name), content);
}
