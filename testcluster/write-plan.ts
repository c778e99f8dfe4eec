import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ClientsPlan,
  deployed,
  deployedDirectory,
  type MemberPlan,
  type Plan,
} from './plan.ts';
import { make } from './recipe.ts';

/** The directory of certificates and keys of a cert set. */
export function certificatesIn(set: string): string {
  return join(set, 'certs');
}

/** Where a member's configuration file is deployed, if it has one. */
export function configFileOf(member: MemberPlan): string {
  return `/etc/etcd/${member.node.name}.conf.yml`;
}

/** Writes certificates, keys and settings as an operator would have them before deploying. */
export async function writePlan(plan: Plan, set: string): Promise<void> {
  const certificates = certificatesIn(set);
  await mkdir(certificates, { recursive: true });
  for (const [name, content] of Object.entries(await make(plan.recipe))) {
    const path = join(certificates, name);
    await writeFile(path, content);
    await chmod(path, name.includes('_key') ? 0o600 : 0o644);
  }
  for (const member of plan.members) {
    await writeMember(member, join(set, member.node.name));
  }
  await writeClients(plan.clients, set);
}

async function writeMember(member: MemberPlan, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, '10-etcd-member.conf'), dropIn(member));
  if ([member.flags, member.configFile, member.directives].some((each) => each !== undefined)) {
    await writeFile(join(directory, 'etcd-member.service'), unit(member));
  }
  if (member.configFile !== undefined) {
    await writeFile(join(directory, `${member.node.name}.conf.yml`), member.configFile);
  }
}

function dropIn(member: MemberPlan): string {
  const lines = Object.entries(member.environment)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `Environment="${name}=${value}"`);
  return ['[Service]', ...lines, ''].join('\n');
}

function unit(member: MemberPlan): string {
  const command = ['/usr/bin/etcd', ...memberFlags(member)].join(' ');
  const directives = Object.entries(member.directives ?? {}).map(
    ([name, value]) => `${name}=${value}`,
  );
  return [
    '[Unit]',
    'Description=etcd',
    '',
    '[Service]',
    `ExecStart=${command}`,
    ...directives,
    '',
  ].join('\n');
}

/** Everything that follows the program's name. */
export function memberFlags(member: MemberPlan): readonly string[] {
  const { flags = [], configFile } = member;
  return configFile === undefined ? flags : [...flags, `--config-file=${configFileOf(member)}`];
}

async function writeClients(clients: ClientsPlan, directory: string): Promise<void> {
  await writeFile(join(directory, 'etcd-env.sh'), etcdctlScript(clients));
  const { apiserverEndpoints, flannel } = clients;
  if (apiserverEndpoints !== undefined) {
    const manifest = apiserverManifest(apiserverEndpoints);
    await writeFile(join(directory, 'kube-apiserver.yaml'), manifest);
  }
  if (flannel === 'empty flags') {
    await writeFile(join(directory, 'flanneld.txt'), emptyFlanneldFlags);
  } else if (flannel !== undefined) {
    await writeFile(join(directory, 'flanneld.service'), flanneldUnit(flannel.endpoints));
  }
}

/** etcdctl's settings, by the names of its variables. */
export function etcdctlVariables(clients: ClientsPlan): Readonly<Record<string, string>> {
  const files = {
    CACERT: deployed('ca_cert.pem'),
    CERT: deployed('client_cert.pem'),
    KEY: deployed('client_key_insecure.pem'),
    ...clients.etcdctlFiles,
  };
  const named = Object.entries(files).flatMap(([name, file]): [string, string][] =>
    file === undefined ? [] : [[`ETCDCTL_${name}`, file]],
  );
  return {
    ETCDCTL_API: '3',
    ETCDCTL_DIAL_TIMEOUT: '3s',
    ETCDCTL_ENDPOINTS: clients.etcdctlEndpoints.join(','),
    ...Object.fromEntries(named),
  };
}

function etcdctlScript(clients: ClientsPlan): string {
  const lines = Object.entries(etcdctlVariables(clients));
  const { etcdctlCommand: command } = clients;
  return [
    ...lines.map(([name, value]) => `export ${name}=${asWord(value)}`),
    ...(command === undefined ? [] : [`etcdctl ${command}`]),
    '',
  ].join('\n');
}

function asWord(value: string): string {
  return value.includes(' ') ? `'${value}'` : value;
}

function apiserverManifest(endpoints: readonly string[]): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: kube-apiserver
  namespace: kube-system
spec:
  hostNetwork: true
  containers:
    - name: kube-apiserver
      image: kube-apiserver
      command:
        - kube-apiserver
        - --etcd-servers=${endpoints.join(',')}
        - --etcd-cafile=${deployed('ca_cert.pem')}
        - --etcd-certfile=${deployed('client_cert.pem')}
        - --etcd-keyfile=${deployed('client_key_insecure.pem')}
      volumeMounts:
        - name: etcd-certificates
          mountPath: ${deployedDirectory}
          readOnly: true
  volumes:
    - name: etcd-certificates
      hostPath:
        path: ${deployedDirectory}
`;
}

/** As the document has them. */
const emptyFlanneldFlags = `--etcd-keyfile="": SSL key file used to secure etcd communication.
--etcd-certfile="": SSL certification file used to secure etcd communication.
--etcd-cafile="": SSL Certificate Authority file used to secure etcd communication.
`;

function flanneldUnit(endpoints: readonly string[]): string {
  const flags = [
    `--etcd-endpoints=${endpoints.join(',')}`,
    `--etcd-cafile=${deployed('ca_cert.pem')}`,
    `--etcd-certfile=${deployed('client_cert.pem')}`,
    `--etcd-keyfile=${deployed('client_key_insecure.pem')}`,
  ];
  return ['[Service]', `ExecStart=/opt/bin/flanneld ${flags.join(' ')}`, ''].join('\n');
}
