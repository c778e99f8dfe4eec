import type { MemberDraft, TextFile, UnreadText } from '../../../model/draft.ts';
import { dropIn } from '../forms/rancher.ts';
import { joinHostPort } from '../../../model/host.ts';
import type { DocumentEntry, DocumentNode, LocatedText } from '../../../model/settings.ts';
import type { Location } from '../../../model/target.ts';
import { groupBy } from '../../../model/group-by.ts';
import { k3sClients } from '../clients/k3s.ts';
import { entriesOf, itemsOf, locatedText } from '../document.ts';
import { argumentsIn } from '../installer-arguments.ts';
import type { SettingsContext } from '../settings-context.ts';
import { generatedMember, isOfSeveral } from '../generated-member.ts';
import type { DraftedMember } from '../member-draft.ts';
import { emptyProcess } from '../process.ts';
import { type FormReading, joined, type SettingsForm } from '../settings-form.ts';
import { malformedYaml, readYaml } from '../yaml.ts';
import { unreadAt } from '../unread-at.ts';

export const reader: SettingsForm['read'] = async (files, context): Promise<FormReading> => {
  const byPlace = groupBy(files, ({ path }) => path.replace(dropIn, '$1$2'));
  const readings: FormReading[] = [];
  for (const [place, together] of byPlace) {
    readings.push(await readOne(withMain(place, together, context), context));
  }
  return joined(readings);
};

/** `config.yaml` says nothing of etcd where all of that is in drop-ins. */
function withMain(
  place: string,
  files: readonly TextFile[],
  context: SettingsContext,
): readonly TextFile[] {
  if (files.some(({ path }) => path === place)) return files;
  const main = context.find(place, files[0]?.path ?? place);
  return main?.path === place ? [main, ...files] : files;
}

async function readOne(files: readonly TextFile[], context: SettingsContext): Promise<FormReading> {
  const documents: DocumentNode[] = [];
  const malformed: UnreadText[] = [];
  for (const file of files.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    const yaml = await readYaml(file);
    if (yaml.ok) documents.push(...yaml.documents.slice(0, 1));
    else malformed.push(malformedYaml(file.path, yaml));
  }
  if (malformed.length > 0) return { notUnderstood: malformed };
  const server = merged(documents);
  const clients = datastoreClients(server, files);
  return hasEtcd(server)
    ? { ...(await readServer(server, { files, documents, context })), clients }
    : { clients };
}

function datastoreClients(
  server: Server,
  [first]: readonly TextFile[],
): ReturnType<typeof k3sClients> {
  const entries = [...server].flatMap(([key, values]) => {
    const value = values.at(-1);
    return value === undefined ? [] : [{ key, location: value.location, value }];
  });
  const location = entries[0]?.location ?? { file: first?.path ?? '' };
  return k3sClients({ kind: 'map', location, entries }, first?.path ?? '');
}

interface Given {
  readonly files: readonly TextFile[];
  readonly documents: readonly DocumentNode[];
  readonly context: SettingsContext;
}

async function readServer(
  server: Server,
  { files, documents, context }: Given,
): Promise<FormReading> {
  const paths = [...new Set(files.map(({ path }) => path))];
  const [file = ''] = paths;
  const { member, notUnderstood, certificate } = await memberOf(server, file);
  const name = last(server, 'node-name')?.text;
  const isNamed = name !== undefined || addressOf(server) !== undefined;
  if (!isNamed && isOfSeveral(certificate, file, context)) {
    return { notUnderstood: documents.flatMap(argumentsIn) };
  }
  const draft = { ...member.member, ...(name !== undefined && { name }), files: paths };
  return { members: [{ ...member, member: draft }], notUnderstood };
}

/** Values of later files replace those of earlier ones; with `+` they are added (pkg/configfilearg/parser.go). */
type Server = ReadonlyMap<string, readonly DocumentNode[]>;

function merged(documents: readonly DocumentNode[]): Server {
  const all = new Map<string, readonly DocumentNode[]>();
  for (const { key, value } of documents.flatMap(entriesOf)) {
    const name = key.replace(/\+$/, '');
    const values = value.kind === 'list' ? itemsOf(value) : [value];
    all.set(name, key.endsWith('+') ? [...(all.get(name) ?? []), ...values] : values);
  }
  return all;
}

function last(server: Server, name: string): LocatedText | undefined {
  return locatedText(server.get(name)?.at(-1));
}

function isOn(server: Server, name: string): boolean {
  return /^(?:true|1|t)$/i.test(last(server, name)?.text ?? '');
}

/** With another datastore, or without etcd, its arguments go nowhere. */
function hasEtcd(server: Server): boolean {
  if (isOn(server, 'disable-etcd') || last(server, 'datastore-endpoint') !== undefined)
    return false;
  return (
    isOn(server, 'cluster-init') || isOn(server, 'etcd-expose-metrics') || server.has('etcd-arg')
  );
}

/** A suffix of the tool's own making follows the node's name in that of the member. */
function isGenerated({ kind, files, name = '' }: MemberDraft, node: string | undefined): boolean {
  return (
    (node === undefined || name === node || name.startsWith(`${node}-`)) &&
    (kind === 'etcd-config' || kind === 'manifest') &&
    files.some((path) => path.endsWith('/server/db/etcd/config'))
  );
}

async function memberOf(server: Server, file: string) {
  const tool = /(?<![^/])rke2(?:\/|$)/.test(file) ? 'rke2' : 'k3s';
  const base = last(server, 'data-dir')?.text.replace(/\/$/, '') ?? `/var/lib/rancher/${tool}`;
  const directory = `${base}/server/db/etcd`;
  const address = addressOf(server);
  const extra = (server.get('etcd-arg') ?? []).flatMap((node) => locatedText(node) ?? []);
  const entries = extra.map(entryOf).filter((entry) => entry !== undefined);
  const origin = extra[0]?.location ?? { file };
  const member: DraftedMember = await generatedMember({
    process: { ...emptyProcess('rancher', origin), program: 'etcd', partial: true },
    source: {
      kind: 'config-file',
      path: `${directory}/config`,
      document: {
        kind: 'map',
        location: origin,
        entries: [...metrics(server, address), ...entries],
      },
    },
    values: {
      'data-dir': directory,
      ...(address && urls(address.text)),
      ...credentials(`${base}/server/tls/etcd`),
      'listen-metrics-urls': 'http://127.0.0.1:2381',
      'heartbeat-interval': '500',
      'election-timeout': '5000',
    },
    tool,
    isWritten: (other) => isGenerated(other, last(server, 'node-name')?.text),
  });
  const certificate = `${base}/server/tls/etcd/server-client.crt`;
  return { member, notUnderstood: dropped(extra, tool), certificate };
}

/** Only `name=value` reaches the file. */
function dropped(extra: readonly LocatedText[], tool: string): readonly UnreadText[] {
  return extra.flatMap((word) => {
    if (entryOf(word) !== undefined || word.location === undefined) return [];
    const { file, line } = word.location;
    const reason = `\`${word.text}\` has no value, so that ${tool} does not pass it on to etcd`;
    return [unreadAt(file, line, reason)];
  });
}

function addressOf(server: Server): LocatedText | undefined {
  const stated = last(server, 'node-ip') ?? last(server, 'advertise-address');
  const first = stated?.text.split(',')[0]?.trim();
  return stated === undefined || first === undefined || first === ''
    ? undefined
    : { ...stated, text: first };
}

/** A key of etcd's configuration file, with its value in the type that k3s gives it. */
function entryOf({ text, location }: LocatedText): DocumentEntry | undefined {
  const [, key, value = ''] = /^-*([^=-][^=]*)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || location === undefined) return undefined;
  return { key, location, value: valueOf(value, location) };
}

/** Durations stay text; a list is what YAML parses as one (executor.go ToConfigFile). */
function valueOf(value: string, location: Location): DocumentNode {
  if (/^[-+]?\d+$/.test(value)) return { kind: 'scalar', location, value: Number(value) };
  const list = value === '' ? '' : /^\[(.*)\]$/s.exec(value)?.[1];
  if (list !== undefined) {
    const items = list.split(',').map((item) => item.trim().replace(/^(["'])(.*)\1$/, '$2'));
    const nodes = items
      .filter((item) => item !== '')
      .map((item) => ({ kind: 'scalar' as const, location, value: item }));
    return { kind: 'list', location, items: nodes };
  }
  const isSwitch = /^(?:true|false)$/i.test(value);
  return { kind: 'scalar', location, value: isSwitch ? value.toLowerCase() === 'true' : value };
}

/** Metrics are served to the network, too, without TLS. */
function metrics(server: Server, address: LocatedText | undefined): readonly DocumentEntry[] {
  const exposed = isOn(server, 'etcd-expose-metrics')
    ? last(server, 'etcd-expose-metrics')
    : undefined;
  if (exposed?.location === undefined) return [];
  const host = address?.text ?? '0.0.0.0';
  const value = `http://127.0.0.1:2381,http://${joinHostPort(host, 2381)}`;
  const { location } = exposed;
  return [{ key: 'listen-metrics-urls', location, value: { kind: 'scalar', location, value } }];
}

function urls(address: string): Readonly<Record<string, string>> {
  const local = address.includes(':') ? '::1' : '127.0.0.1';
  const of = (port: number) =>
    `https://${joinHostPort(local, port)},https://${joinHostPort(address, port)}`;
  return {
    'listen-client-urls': of(2379),
    'advertise-client-urls': `https://${joinHostPort(address, 2379)}`,
    'listen-peer-urls': of(2380),
    'initial-advertise-peer-urls': `https://${joinHostPort(address, 2380)}`,
  };
}

function credentials(directory: string): Readonly<Record<string, string>> {
  return {
    'cert-file': `${directory}/server-client.crt`,
    'key-file': `${directory}/server-client.key`,
    'trusted-ca-file': `${directory}/server-ca.crt`,
    'client-cert-auth': 'true',
    'peer-cert-file': `${directory}/peer-server-client.crt`,
    'peer-key-file': `${directory}/peer-server-client.key`,
    'peer-trusted-ca-file': `${directory}/peer-ca.crt`,
    'peer-client-cert-auth': 'true',
  };
}
