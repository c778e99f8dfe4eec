import type { RequestedName, UnreadText } from '../../../model/draft.ts';
import { isIpAddress, joinHostPort } from '../../../model/host.ts';
import type { DocumentNode, EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import { at, entriesOf, itemsOf, locatedText, textOf } from '../document.ts';
import { argumentsIn } from '../installer-arguments.ts';
import { flagWord, generatedMember, isOfSeveral } from '../generated-member.ts';
import { emptyProcess, type Process } from '../process.ts';
import { type FormReading, readEachYaml, type SettingsForm } from '../settings-form.ts';
import { unreadAt } from '../unread-at.ts';

export const reader: SettingsForm['read'] = readEachYaml(
  async (documents, file, context): Promise<FormReading> => {
    const configuration = documents.find((document) => isOf(document, 'ClusterConfiguration'));
    const local = at(configuration, 'etcd', 'local');
    if (configuration === undefined || local === undefined) return {};
    const configured = { configuration, local, node: nodeOf(documents) };
    const { name, address } = configured.node;
    const certificate = `${directoryOf(configured)}/server.crt`;
    const isShared =
      (name ?? address) === undefined && isOfSeveral(certificate, file.path, context);
    return isShared
      ? { notUnderstood: argumentsIn(configuration) }
      : {
          members: [await memberOf(configured)],
          notUnderstood: [
            ...['extraArgs', 'extraEnvs'].flatMap((key) => nameless(key, local)),
            ...['serverCertSANs', 'peerCertSANs'].flatMap((key) => rejectedNames(key, local)),
          ],
        };
  },
);

function isOf(document: DocumentNode, kind: string): boolean {
  return textOf(at(document, 'kind')) === kind;
}

/** What a file says of the machine on which kubeadm runs. */
interface Node {
  readonly name?: LocatedText;
  readonly address?: LocatedText;
  readonly joins: boolean;
}

function nodeOf(documents: readonly DocumentNode[]): Node {
  const init = documents.find((document) => isOf(document, 'InitConfiguration'));
  const join = documents.find((document) => isOf(document, 'JoinConfiguration'));
  const local = at(init, 'localAPIEndpoint') ?? at(join, 'controlPlane', 'localAPIEndpoint');
  const name = locatedText(at(init ?? join, 'nodeRegistration', 'name'));
  const address = locatedText(at(local, 'advertiseAddress'));
  return { ...(name && { name }), ...(address && { address }), joins: init === undefined };
}

interface Configured {
  readonly configuration: DocumentNode;
  readonly local: DocumentNode;
  readonly node: Node;
}

async function memberOf(configured: Configured) {
  const certificates = directoryOf(configured);
  const process = processOf(configured, certificates);
  const names = process.words.filter((word) => flagOf(word) === 'name').map(valueOf);
  return await generatedMember({
    process,
    values: { ...addresses(configured.node), ...credentials(certificates) },
    requestedNames: [
      ...requestedNames(configured.local, 'serverCertSANs', 'server'),
      ...requestedNames(configured.local, 'peerCertSANs', 'peer'),
    ],
    tool: 'kubeadm',
    isWritten: ({ kind, mounts, name }) =>
      kind === 'manifest' &&
      (name === undefined || names.length === 0 || names.includes(name)) &&
      mounts.some(({ inside, from }) => from === 'host' && inside === certificates),
  });
}

function requestedNames(
  local: DocumentNode,
  setting: string,
  role: RequestedName['role'],
): readonly RequestedName[] {
  return itemsOf(at(local, setting)).flatMap((item) => {
    const name = textOf(item) ?? '';
    return mayBeInCertificate(name) ? [{ role, name, setting, location: item.location }] : [];
  });
}

/** Addresses and DNS names in lower case (kubeadm's appendSANsToAltNames and ValidateCertSANs). */
function mayBeInCertificate(name: string): boolean {
  return isIpAddress(name) || (name.length <= 253 && dnsName.test(name));
}

const dnsName = /^(?:\*\.)?[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/;

function rejectedNames(setting: string, local: DocumentNode): readonly UnreadText[] {
  return itemsOf(at(local, setting)).flatMap((item) => {
    const { file, line } = item.location;
    const name = textOf(item) ?? '';
    if (mayBeInCertificate(name)) return [];
    const reason = `${setting} has ${name || 'an empty name'}, which is neither an address nor a DNS name in lower case: kubeadm rejects it`;
    return [unreadAt(file, line, reason)];
  });
}

function directoryOf({ configuration }: Configured): string {
  const pki = textOf(at(configuration, 'certificatesDir')) ?? '/etc/kubernetes/pki';
  return `${pki.replace(/\/$/, '')}/etcd`;
}

function processOf({ configuration, local, node }: Configured, certificates: string): Process {
  const directory = locatedText(at(local, 'dataDir')) ?? { text: '/var/lib/etcd' };
  const extra = extraArguments(at(local, 'extraArgs'));
  const given = [
    ...(node.name === undefined ? [] : [flagWord('name', node.name)]),
    ...(node.address === undefined ? [] : urls(node.address)),
    flagWord('data-dir', directory),
  ].filter((word) => !extra.some((other) => flagOf(other) === flagOf(word)));
  const words = [...given, ...extra];
  const image = imageOf(configuration, local);
  const base = emptyProcess('kubeadm', local.location);
  return {
    ...base,
    program: 'etcd',
    words,
    variables: variablesIn(at(local, 'extraEnvs')),
    mounts: [directory.text, certificates].map((path) => ({
      inside: path,
      from: 'host' as const,
      source: path,
    })),
    contained: true,
    partial: !onlyKnownThere.every((name) => words.some((word) => flagOf(word) === name)),
    image,
  };
}

/** What kubeadm works out on the machine where no file says it. */
const onlyKnownThere = [
  'name',
  'listen-client-urls',
  'advertise-client-urls',
  'listen-peer-urls',
  'initial-advertise-peer-urls',
];

function flagOf({ text }: LocatedText): string | undefined {
  return /^--([^=]+)/.exec(text)?.[1];
}

function valueOf({ text }: LocatedText): string {
  return text.slice(text.indexOf('=') + 1);
}

/** A map, and from v1beta4 on a list of names and values. */
function extraArguments(node: DocumentNode | undefined): readonly LocatedText[] {
  return [
    ...entriesOf(node).map(({ key, location, value }) =>
      flagWord(key, { text: textOf(value) ?? '', location }),
    ),
    ...itemsOf(node).flatMap((item) => {
      const name = textOf(at(item, 'name')) ?? '';
      const text = textOf(at(item, 'value')) ?? '';
      return name === '' ? [] : [flagWord(name, { text, location: item.location })];
    }),
  ];
}

/** kubeadm refuses an argument without a name, and Kubernetes a variable without one. */
function nameless(key: string, local: DocumentNode): readonly UnreadText[] {
  return itemsOf(at(local, key)).flatMap((item) => {
    const { file, line } = item.location;
    const name = textOf(at(item, 'name')) ?? '';
    if (name !== '' && at(item, 'valueFrom') === undefined) return [];
    const reason =
      name === ''
        ? `an entry of ${key} has no name, and kubeadm rejects it`
        : `${key} takes the value of ${name} from elsewhere (\`valueFrom\`)`;
    return [unreadAt(file, line, reason)];
  });
}

function variablesIn(node: DocumentNode | undefined): readonly EnvironmentVariable[] {
  return itemsOf(node).flatMap((item) => {
    const name = textOf(at(item, 'name'));
    const value = textOf(at(item, 'value')) ?? '';
    const isElsewhere = at(item, 'valueFrom') !== undefined;
    return name === undefined || isElsewhere ? [] : [{ name, value, location: item.location }];
  });
}

function urls({ text, location }: LocatedText): readonly LocatedText[] {
  const client = `https://${joinHostPort(text, 2379)}`;
  const peer = `https://${joinHostPort(text, 2380)}`;
  const values = {
    'listen-client-urls': `https://${joinHostPort(loopback(text), 2379)},${client}`,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
  };
  return Object.entries(values).map(([name, value]) =>
    flagWord(name, { text: value, ...(location && { location }) }),
  );
}

function loopback(address: string): string {
  return address.includes(':') ? '::1' : '127.0.0.1';
}

/** A node that joins gets the members that it finds, and is no new cluster. */
function addresses({ name, address, joins }: Node): Readonly<Record<string, string>> {
  if (address === undefined) return {};
  const metrics = { 'listen-metrics-urls': `http://${joinHostPort(loopback(address.text), 2381)}` };
  if (joins) return { ...metrics, 'initial-cluster-state': 'existing' };
  const peer = `https://${joinHostPort(address.text, 2380)}`;
  return { ...metrics, ...(name && { 'initial-cluster': `${name.text}=${peer}` }) };
}

function credentials(directory: string): Readonly<Record<string, string>> {
  return {
    'cert-file': `${directory}/server.crt`,
    'key-file': `${directory}/server.key`,
    'trusted-ca-file': `${directory}/ca.crt`,
    'client-cert-auth': 'true',
    'peer-cert-file': `${directory}/peer.crt`,
    'peer-key-file': `${directory}/peer.key`,
    'peer-trusted-ca-file': `${directory}/ca.crt`,
    'peer-client-cert-auth': 'true',
  };
}

/** Without a tag it is the one that goes with the release of Kubernetes. */
function imageOf(configuration: DocumentNode, local: DocumentNode): LocatedText {
  const tag = locatedText(at(local, 'imageTag'));
  const repository =
    textOf(at(local, 'imageRepository')) ?? textOf(at(configuration, 'imageRepository'));
  const image = `${repository ?? 'registry.k8s.io'}/etcd`;
  return tag === undefined ? { text: image } : { ...tag, text: `${image}:${tag.text}` };
}
