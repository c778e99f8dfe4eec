import type { TextFile } from '../../../model/draft.ts';
import { isIpAddress, joinHostPort } from '../../../model/host.ts';
import type { DocumentNode, LocatedText } from '../../../model/settings.ts';
import type { SettingsProblem } from '../../../model/settings-problem.ts';
import { at, entriesOf, itemsOf, locatedText, textOf } from '../document.ts';
import { argumentsIn } from '../installer-arguments.ts';
import { flagWord, generatedMember, isOfSeveral } from '../generated-member.ts';
import { decodedText } from '../embedded-files.ts';
import type { DraftedMember } from '../member-draft.ts';
import type { SettingsContext } from '../settings-context.ts';
import { emptyProcess } from '../process.ts';
import {
  type FormReading,
  type EmbeddedText,
  joined,
  type SettingsForm,
} from '../settings-form.ts';
import { malformedYaml, readYaml } from '../yaml.ts';

export const reader: SettingsForm['read'] = async (files, context) => {
  const readings: FormReading[] = [];
  const given = new Map<string, DraftedMember>();
  for (const file of files) readings.push(await readMachine(file, context, given));
  return joined(readings);
};

/** `given` has the machines that have a name or an address, by their texts: a copy is of the same machine. */
async function readMachine(
  file: TextFile,
  context: SettingsContext,
  given: Map<string, DraftedMember>,
): Promise<FormReading> {
  const yaml = await readYaml(file);
  if (!yaml.ok) return { notUnderstood: [malformedYaml(file.path, yaml)] };
  const machine = yaml.documents.find(isControlPlane);
  if (machine === undefined) return {};
  const texts = authorityIn(machine, file.path);
  if (given.has(file.text)) return { texts };

  const member = await memberOf(machine, yaml.documents);
  const isNamed =
    hostnameIn(machine, yaml.documents) !== undefined ||
    addressIn(machine, at(machine, 'cluster', 'etcd')) !== undefined;
  if (isNamed) given.set(file.text, member);
  return !isNamed && isOfSeveral(own['cert-file'], file.path, context)
    ? { texts, notUnderstood: argumentsIn(machine) }
    : { texts, members: [member] };
}

function isControlPlane(document: DocumentNode): boolean {
  return /^(?:controlplane|init)$/.test(textOf(at(document, 'machine', 'type')) ?? '');
}

const secrets = '/system/secrets/etcd';

/** The CA as text in base64, at the path where the machine puts it. */
function authorityIn(machine: DocumentNode, path: string): readonly EmbeddedText[] {
  return ['crt', 'key'].flatMap((part) => {
    const text = at(machine, 'cluster', 'etcd', 'ca', part);
    return decodedText(text, `${path}#${secrets}/ca.${part}`, 'base64') ?? [];
  });
}

async function memberOf(machine: DocumentNode, documents: readonly DocumentNode[]) {
  const etcd = at(machine, 'cluster', 'etcd');
  const name = hostnameIn(machine, documents);
  const address = addressIn(machine, etcd);
  const extra = entriesOf(at(etcd, 'extraArgs')).flatMap(({ key, location, value }) => {
    const values = value.kind === 'list' ? itemsOf(value) : [value];
    return values.map((each) => flagWord(key, { text: textOf(each) ?? '', location }));
  });
  const base = emptyProcess('talos', (etcd ?? machine).location);
  const image = locatedText(at(etcd, 'image'));
  return await generatedMember({
    process: {
      ...base,
      program: 'etcd',
      words: [
        ...(name === undefined ? [] : [flagWord('name', name)]),
        ...extra.filter((word) => !isDenied(word)),
      ],
      partial: name === undefined || address === undefined,
      ...(image && { image }),
      problems: extra.filter(isDenied).map(denied),
    },
    values: { ...urls(address), ...own },
    tool: 'Talos',
    isWritten: ({ kind }) => kind.startsWith('process-'),
  });
}

function hostnameIn(
  machine: DocumentNode,
  documents: readonly DocumentNode[],
): LocatedText | undefined {
  const stated = documents.find((document) => textOf(at(document, 'kind')) === 'HostnameConfig');
  return (
    locatedText(at(stated, 'hostname')) ??
    locatedText(at(machine, 'machine', 'network', 'hostname'))
  );
}

/** What the machine advertises, where exactly one of its addresses that are written down is meant. */
function addressIn(machine: DocumentNode, etcd: DocumentNode | undefined): string | undefined {
  const written = itemsOf(at(machine, 'machine', 'network', 'interfaces')).flatMap((device) =>
    [...itemsOf(at(device, 'addresses')), at(device, 'cidr')].flatMap((node) => textOf(node) ?? []),
  );
  const addresses = written.map((text) => text.split('/')[0] ?? '').filter(isIpAddress);
  const subnets = itemsOf(at(etcd, 'advertisedSubnets')).flatMap((node) => textOf(node) ?? []);
  const meant = addresses.filter((address) => isIn(address, subnets));
  return meant.length === 1 ? meant[0] : undefined;
}

/** A subnet after an exclamation mark is left out. */
function isIn(address: string, subnets: readonly string[]): boolean {
  const without = subnets.filter((subnet) => subnet.startsWith('!'));
  const within = subnets.filter((subnet) => !subnet.startsWith('!'));
  if (without.some((subnet) => contains(subnet.slice(1), address))) return false;
  return within.length === 0 || within.some((subnet) => contains(subnet, address));
}

function family(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

function contains(subnet: string, address: string): boolean {
  const [network = '', prefix = ''] = subnet.split('/');
  const length = Number(prefix);
  const longest = family(network) === 'ipv6' ? 128 : 32;
  if (!isIpAddress(network) || !/^\d+$/.test(prefix) || length > longest) return false;
  const { BlockList } = process.getBuiltinModule('node:net');
  const list = new BlockList();
  list.addSubnet(network, length, family(network));
  return list.check(address, family(address));
}

/** It listens on all addresses, whichever it advertises. */
function urls(address: string | undefined): Readonly<Record<string, string>> {
  const all = address?.includes(':') === true ? '::' : '0.0.0.0';
  return {
    'listen-client-urls': `https://${joinHostPort(all, 2379)}`,
    'listen-peer-urls': `https://${joinHostPort(all, 2380)}`,
    ...(address !== undefined && {
      'advertise-client-urls': `https://${joinHostPort(address, 2379)}`,
      'initial-advertise-peer-urls': `https://${joinHostPort(address, 2380)}`,
    }),
  };
}

/** What Talos sets and does not let users replace. */
const own = {
  'auto-tls': 'false',
  'peer-auto-tls': 'false',
  'data-dir': '/var/lib/etcd',
  'client-cert-auth': 'true',
  'cert-file': `${secrets}/server.crt`,
  'key-file': `${secrets}/server.key`,
  'trusted-ca-file': `${secrets}/ca.crt`,
  'peer-client-cert-auth': 'true',
  'peer-cert-file': `${secrets}/peer.crt`,
  'peer-key-file': `${secrets}/peer.key`,
  'peer-trusted-ca-file': `${secrets}/ca.crt`,
};

const alsoDenied = ['name', 'listen-peer-urls', 'listen-client-urls'];

function flagOf({ text }: LocatedText): string {
  return /^--([^=]+)/.exec(text)?.[1] ?? '';
}

function isDenied(word: LocatedText): boolean {
  return Object.hasOwn(own, flagOf(word)) || alsoDenied.includes(flagOf(word));
}

function denied(word: LocatedText): SettingsProblem {
  return {
    kind: 'refused-at-start',
    why: 'set-by-talos',
    name: flagOf(word),
    ...(word.location && { location: word.location }),
  };
}
