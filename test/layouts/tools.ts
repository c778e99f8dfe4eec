import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { debianFile, goTool } from '../../testcluster/certificate-tools.ts';
import type { ComponentName } from '../../testcluster/components.ts';
import { run } from '../../testcluster/run.ts';
import { unit, variable } from './forms.ts';
import {
  addressing,
  type Files,
  type Host,
  hostsNamed,
  mutualTls,
  type PlannedMember,
} from './plan.ts';

/** A set that the tool itself writes; the settings next to it name its files. */
export interface WrittenByTool {
  readonly tool: string;
  readonly needs: ComponentName;
  readonly source: string;
  readonly hosts: readonly Host[];
  /** Runs the tool in an empty directory. */
  readonly write: (directory: string) => Promise<void>;
}

type Names = (host: Host) => {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly peerCert?: string;
  readonly peerKey?: string;
};

const machines = (network: string): readonly Host[] =>
  hostsNamed(['etcd1', 'etcd2', 'etcd3'], network, (name) => name);

const sansOf = ({ name, address }: Host) => [name, 'localhost', address, '127.0.0.1'] as const;

export const toolLayouts: readonly WrittenByTool[] = [
  opensslSet(),
  cfssl(),
  easyRsaSet(),
  mkcert(),
  stepSet(),
  kubeadmNode(),
  kubeadmExternal(),
  debian(),
];

const opensslNames: Names = ({ name }) => ({
  cert: `${name}.crt`,
  key: `${name}.key`,
  ca: 'ca.crt',
});

function opensslSet(hosts = machines('10.33.1')): WrittenByTool {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  return {
    tool: 'openssl',
    needs: 'openssl',
    source: 'written by `openssl req -x509 -CA … -addext`',
    hosts,
    write: async (directory) => {
      const openssl = inDirectory('openssl', directory);
      await openssl(
        'req',
        '-x509',
        ...key,
        '-keyout',
        'ca.key',
        '-out',
        'ca.crt',
        '-days',
        '3650',
        '-subj',
        '/CN=etcd-ca',
      );
      for (const host of hosts) {
        const [name, local, address, loopback] = sansOf(host);
        await openssl(
          'req',
          '-x509',
          '-CA',
          'ca.crt',
          '-CAkey',
          'ca.key',
          ...key,
          '-days',
          '365',
          '-keyout',
          `${name}.key`,
          '-out',
          `${name}.crt`,
          '-subj',
          `/CN=${name}`,
          '-addext',
          `subjectAltName=DNS:${name},DNS:${local},IP:${address},IP:${loopback}`,
          '-addext',
          'extendedKeyUsage=serverAuth,clientAuth',
          '-addext',
          'basicConstraints=critical,CA:FALSE',
        );
      }
      await settings(directory, hosts, opensslNames);
    },
  };
}

function request(CN: string, hosts?: readonly string[]): string {
  return JSON.stringify({ CN, ...(hosts && { hosts }), key: { algo: 'ecdsa', size: 256 } });
}

function cfssl(): WrittenByTool {
  const hosts = machines('10.33.2');
  const usages = ['signing', 'key encipherment', 'server auth', 'client auth'];
  const config = {
    signing: { default: { expiry: '8760h' }, profiles: { peer: { usages, expiry: '8760h' } } },
  };
  return {
    tool: 'cfssl',
    needs: 'certificateTools',
    source: 'written by `cfssl gencert | cfssljson -bare`',
    hosts,
    write: async (directory) => {
      const [program, split] = [await goTool('cfssl'), await goTool('cfssljson')];
      await write(directory, {
        'ca-config.json': JSON.stringify(config),
        'ca-csr.json': request('etcd-ca'),
      });
      const issue = async (words: readonly string[], stem: string) => {
        const answer = await succeed(program, ['gencert', ...words], directory);
        await succeed(split, ['-bare', stem], directory, answer);
      };
      await issue(['-initca', 'ca-csr.json'], 'ca');
      const signed = [
        '-ca=ca.pem',
        '-ca-key=ca-key.pem',
        '-config=ca-config.json',
        '-profile=peer',
      ];
      for (const host of hosts) {
        await write(directory, { [`${host.name}.json`]: request(host.name, sansOf(host)) });
        await issue([...signed, `${host.name}.json`], host.name);
      }
      await settings(directory, hosts, ({ name }) => ({
        cert: `${name}.pem`,
        key: `${name}-key.pem`,
        ca: 'ca.pem',
      }));
    },
  };
}

function easyRsaSet(): WrittenByTool {
  const hosts = machines('10.33.3');
  return {
    tool: 'easy-rsa 3',
    needs: 'certificateTools',
    source: 'written by `easyrsa build-serverClient-full`',
    hosts,
    write: async (directory) => {
      const program = await debianFile('easy-rsa', 'usr/share/easy-rsa/easyrsa');
      const environment = {
        EASYRSA: dirname(program),
        EASYRSA_PKI: join(directory, 'pki'),
        EASYRSA_BATCH: '1',
      };
      const easyrsa = async (...words: readonly string[]) =>
        await succeed(program, words, directory, undefined, environment);
      await easyrsa('--use-algo=ec', '--curve=prime256v1', 'init-pki');
      await easyrsa(
        '--use-algo=ec',
        '--curve=prime256v1',
        '--req-cn=etcd-ca',
        'build-ca',
        'nopass',
      );
      for (const host of hosts) {
        const [name, local, address, loopback] = sansOf(host);
        const names = `--subject-alt-name=DNS:${name},DNS:${local},IP:${address},IP:${loopback}`;
        await easyrsa(
          '--use-algo=ec',
          '--curve=prime256v1',
          names,
          'build-serverClient-full',
          name,
          'nopass',
        );
      }
      await settings(directory, hosts, ({ name }) => ({
        cert: `issued/${name}.crt`,
        key: `private/${name}.key`,
        ca: 'ca.crt',
      }));
    },
  };
}

/** mkcert gives `-client` to certificates that may be shown by clients; its CA stays in a directory of its own. */
function mkcert(): WrittenByTool {
  const hosts = machines('10.33.4');
  return {
    tool: 'mkcert',
    needs: 'certificateTools',
    source: 'written by `mkcert -client -ecdsa`',
    hosts,
    write: async (directory) => {
      const program = await goTool('mkcert');
      await mkdir(join(directory, 'root'));
      const environment = { CAROOT: join(directory, 'root'), TRUST_STORES: 'none' };
      for (const host of hosts) {
        const files = ['-cert-file', `${host.name}.pem`, '-key-file', `${host.name}-key.pem`];
        await succeed(
          program,
          ['-client', '-ecdsa', ...files, ...sansOf(host)],
          directory,
          undefined,
          environment,
        );
      }
      await settings(directory, hosts, ({ name }) => ({
        cert: `${name}.pem`,
        key: `${name}-key.pem`,
        ca: 'rootCA.pem',
      }));
    },
  };
}

/** Every leaf of step may be used by servers and clients; that of a client has its subject for a name. */
function stepSet(): WrittenByTool {
  const hosts = machines('10.33.6');
  return {
    tool: 'step',
    needs: 'certificateTools',
    source: 'written by `step certificate create --profile leaf`',
    hosts,
    write: async (directory) => {
      const program = await goTool('step');
      const create = async (subject: string, stem: string, ...words: readonly string[]) => {
        const files = [`${stem}.crt`, `${stem}.key`, '--no-password', '--insecure'];
        const all = ['certificate', 'create', subject, ...files, ...words];
        await succeed(program, all, directory, undefined, { STEPPATH: join(directory, 'step') });
      };
      await create('etcd-ca', 'ca', '--profile', 'root-ca');
      const signed = ['--profile', 'leaf', '--not-after', '8760h'];
      const leaf = [...signed, '--ca', 'ca.crt', '--ca-key', 'ca.key'];
      for (const host of hosts) {
        const names = sansOf(host).flatMap((name) => ['--san', name]);
        await create(host.name, `${host.name}-server`, ...leaf, ...names);
        await create(host.name, `${host.name}-peer`, ...leaf, ...names);
      }
      await create('etcdctl', 'client', ...leaf);
      await settings(directory, hosts, ({ name }) => ({
        cert: `${name}-server.crt`,
        key: `${name}-server.key`,
        ca: 'ca.crt',
        peerCert: `${name}-peer.crt`,
        peerKey: `${name}-peer.key`,
      }));
      await write(directory, { 'etcdctl.env': etcdctl(hosts) });
    },
  };
}

function etcdctl(hosts: readonly Host[]): string {
  const endpoints = hosts.map(({ address }) => `https://${address}:2379`).join(',');
  return `ETCDCTL_ENDPOINTS=${endpoints}
ETCDCTL_CACERT=${deployed('ca.crt')}
ETCDCTL_CERT=${deployed('client.crt')}
ETCDCTL_KEY=${deployed('client.key')}
`;
}

/** What `kubeadm init` writes on the first control plane machine before it starts anything. */
function kubeadmNode(): WrittenByTool {
  const hosts = hostsNamed(['cp-1'], '10.33.7', (name) => name);
  return {
    tool: 'kubeadm (one machine)',
    needs: 'kubeadm',
    source: 'written by `kubeadm init phase certs all`, `etcd local` and `control-plane apiserver`',
    hosts,
    write: async (directory) => {
      for (const host of hosts) {
        const kubeadm = await kubeadmIn(
          join(directory, host.directory),
          kubeadmConfiguration(host),
        );
        await kubeadm('certs', 'all');
        await kubeadm('etcd', 'local');
        await kubeadm('control-plane', 'apiserver');
      }
    },
  };
}

/** https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/setup-ha-etcd-with-kubeadm/ */
function kubeadmExternal(): WrittenByTool {
  const hosts = hostsNamed(['infra0', 'infra1', 'infra2'], '10.33.8', (name) => name);
  return {
    tool: 'kubeadm (external etcd)',
    needs: 'kubeadm',
    source: 'written by `kubeadm init phase certs etcd-server` and the others of the guide',
    hosts,
    write: async (directory) => {
      const [first] = hosts;
      for (const host of hosts) {
        const configuration = kubeadmConfiguration(host) + externalEtcd(host, hosts);
        const kubeadm = await kubeadmIn(join(directory, host.directory), configuration);
        const pki = join(directory, host.directory, 'etc/kubernetes/pki/etcd');
        if (host === first) await kubeadm('certs', 'etcd-ca');
        else await cp(join(directory, 'infra0/etc/kubernetes/pki/etcd'), pki, authorityAlone);
        await kubeadm('certs', 'etcd-server');
        await kubeadm('certs', 'etcd-peer');
        await kubeadm('certs', 'etcd-healthcheck-client');
        await kubeadm('certs', 'apiserver-etcd-client');
        await kubeadm('etcd', 'local');
        if (host !== first) await rm(join(pki, 'ca.key'));
      }
    },
  };
}

const authorityAlone = {
  recursive: true,
  filter: (path: string) => !/\.(?:crt|key)$/.test(path) || /\/ca\.(?:crt|key)$/.test(path),
};

/** kubeadm in the root directory of a machine, which `--rootfs` makes its own. */
export async function kubeadmIn(root: string, configuration: string) {
  const program = await goTool('kubeadm');
  await write(root, { 'root/kubeadmcfg.yaml': configuration });
  return async (...phase: readonly string[]) => {
    const words = ['init', 'phase', ...phase, '--config=/root/kubeadmcfg.yaml', `--rootfs=${root}`];
    return await succeed(program, words, root);
  };
}

function kubeadmConfiguration({ name, address }: Host): string {
  return `apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
nodeRegistration:
  name: ${name}
localAPIEndpoint:
  advertiseAddress: ${address}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.34.4
`;
}

function externalEtcd(host: Host, hosts: readonly Host[]): string {
  const { 'data-dir': _, ...flags } = addressing(host, hosts, { loopback: false });
  const values = Object.entries(flags).map(
    ([name, value]) => `    - name: ${name}\n      value: ${value}\n`,
  );
  return `etcd:
  local:
    serverCertSANs:
    - "${host.address}"
    peerCertSANs:
    - "${host.address}"
    extraArgs:
${values.join('')}`;
}

/** The package's own unit and environment file, in which the administrator has filled in the variables. */
function debian(): WrittenByTool {
  const hosts = machines('10.33.5');
  const { write: issue } = opensslSet(hosts);
  return {
    tool: 'Debian package',
    needs: 'certificateTools',
    source: 'unit and `/etc/default/etcd` of the package `etcd-server`, certificates by openssl',
    hosts,
    write: async (directory) => {
      await issue(directory);
      const unitFile = 'lib/systemd/system/etcd.service';
      const unitText = await readFile(await debianFile('etcd-server', unitFile), 'utf8');
      const defaults = await readFile(await debianFile('etcd-server', 'etc/default/etcd'), 'utf8');
      for (const { host, flags } of membersOf(hosts, opensslNames)) {
        const lines = Object.entries(flags).map(
          ([name, value]) => `${variable(name)}="${value}"\n`,
        );
        await rm(join(directory, host.directory, 'etc/systemd'), { recursive: true });
        await write(directory, {
          [`${host.directory}/${unitFile}`]: unitText,
          [`${host.directory}/etc/default/etcd`]: `${defaults}\n${lines.join('')}`,
        });
      }
    },
  };
}

/** A unit for each machine that names the tool's files below /etc/etcd/pki. */
async function settings(directory: string, hosts: readonly Host[], names: Names): Promise<void> {
  await write(directory, unit()(membersOf(hosts, names)));
}

function deployed(file: string): string {
  return `/etc/etcd/pki/${file}`;
}

function membersOf(hosts: readonly Host[], names: Names): readonly PlannedMember[] {
  return hosts.map((host) => {
    const { cert, key, ca, peerCert = cert, peerKey = key } = names(host);
    const tls = mutualTls({
      cert: deployed(cert),
      key: deployed(key),
      ca: deployed(ca),
      peerCert: deployed(peerCert),
      peerKey: deployed(peerKey),
    });
    return { host, flags: { ...addressing(host, hosts), ...tls } };
  });
}

async function write(directory: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

function inDirectory(program: string, directory: string) {
  return async (...words: readonly string[]) => await succeed(program, words, directory);
}

async function succeed(
  program: string,
  words: readonly string[],
  cwd: string,
  input?: string,
  environment?: Readonly<Record<string, string>>,
): Promise<string> {
  const ended = await run(program, words, {
    cwd,
    ...(input !== undefined && { input }),
    ...(environment && { environment }),
  });
  if (ended.code !== 0) {
    throw new Error(`${program} ${words.join(' ')} ended with ${ended.code}: ${ended.stderr}`);
  }
  return ended.stdout;
}
