import type { Layout } from './layout.ts';
import { textAt } from './layout-fields.ts';
import { layoutOf } from './layouts.ts';
import { present } from './present.ts';
import { type Service, serviceOf, type Target, targetOf } from './target.ts';
import { type Writer, writerOf } from './writer.ts';

/** One line of a log or one error text, parsed to the extent that its form allows. */
export interface LogLine {
  /** What is left to read: message, error and other fields without time stamps, JSON and escapes. */
  readonly text: string;
  /** As written; formats differ by program and are not converted. */
  readonly time?: string;
  readonly level?: string;
  readonly writtenBy: Writer;
  /** Id of the process, where a wrapper says it. */
  readonly process?: string;
  /** Source file or package that wrote it, e.g. `auth/store.go:1380`. */
  readonly caller?: string;
  /** Whether the writer accepted the connection in question or dialled it, where the form shows it. */
  readonly role?: 'accepting' | 'dialling';
  readonly port?: 'client' | 'peer';
  /** What was dialled, where the line says it. */
  readonly target?: Target;
  /** What listens there; absent where unknown. */
  readonly service?: Service;
  /** Address of the other side, without port. */
  readonly remoteAddress?: string;
  /** SNI that the dialling side sent; empty when it dialled an address. */
  readonly serverName?: string;
  /** The user of etcd's own authentication, as etcd logs it; empty where none was named. */
  readonly user?: string;
  /** SANs of the certificate that the other side showed, as etcd logs them. */
  readonly shownIpAddresses?: readonly string[];
  readonly shownDnsNames?: readonly string[];
  /** True for a command that was pasted together with its output. */
  readonly isCommand?: boolean;
}

/** Takes a line apart. Accepts journald, container and Kubernetes prefixes before it. */
export function parseLogLine(raw: string): LogLine {
  const layout = layoutOf(raw);
  const { text, caller = '' } = layout;
  const writtenBy = writerOf(layout);
  const role = roleOf(text, caller, writtenBy);
  const target = role.role === 'accepting' ? undefined : targetOf(text);
  const service = acceptedBy(writtenBy, role) ?? serviceOf(text, target, role.port);
  return {
    text,
    writtenBy,
    ...present({
      process: layout.process,
      caller: layout.caller,
      time: layout.time,
      level: layout.level,
    }),
    ...role,
    ...present({ port: role.port ?? portOf(service, writtenBy), target, service }),
    ...otherSide(layout),
    ...(isCommand(raw) && { isCommand: true }),
  };
}

/** Kubernetes' components and proxies accept connections of their own. */
function acceptedBy(writer: Writer, { role }: Pick<LogLine, 'role'>): Service | undefined {
  if (role !== 'accepting') return undefined;
  if (writer === 'proxy') return 'web';
  return ['kube-apiserver', 'kubelet', 'kubernetes'].includes(writer) ? 'kubernetes' : undefined;
}

/** Members alone connect to a peer port as a peer; what other programs say there is about a client. */
function portOf(service: Service | undefined, writer: Writer): LogLine['port'] {
  if (service === 'etcd-peer') return clients.includes(writer) ? undefined : 'peer';
  return service === 'etcd-client' ? 'client' : undefined;
}

const clients: readonly Writer[] = ['etcd-client', 'etcdctl', 'kube-apiserver', 'patroni'];

/** Commands as they appear in a paste: after a prompt, or etcdctl with options and no result. */
function isCommand(raw: string): boolean {
  const head = raw.slice(0, 300);
  if (prompt.test(head)) return true;
  return bareCommand.test(head) && !/: |error|failed|unavailable/i.test(raw);
}

const prompt =
  /^\s{0,8}(?:\[[^\]]{1,80}\]|[\w.@-]{1,60}:\S{1,80}|\(\w{1,40}\))?\s{0,2}[$#] {1,4}\S|^>>> /;

const bareCommand =
  /^\s{0,8}(?:sudo )?(?:ETCDCTL_\S{1,99} ){0,4}(?:\.\/|\/\S{1,80}\/)?etcdctl (?:-|\w)/;

/** What the line says of the side that the writer talks with. */
function otherSide({ fields, text }: Layout): Partial<LogLine> {
  const remote = textAt(fields, 'remote-addr', 'remote-address') ?? remoteIn(text);
  const serverName = fields.get('server-name') ?? /ServerName "([^"]{0,255})"/.exec(text)?.[1];
  return present({
    remoteAddress: remote === undefined ? undefined : withoutPort(remote),
    serverName: typeof serverName === 'string' ? serverName : undefined,
    user: userIn(fields.get('user'), text),
    shownIpAddresses:
      listOf(fields.get('ip-addresses')) ??
      words(/IPAddresses \[([^\]]{0,4000})\]/.exec(text)?.[1]),
    shownDnsNames:
      listOf(fields.get('dns-names')) ?? words(/, DNSNames \[([^\]]{0,4000})\]\)/.exec(text)?.[1]),
  });
}

/** capnslog leaves a gap where the name would be. */
function userIn(field: unknown, text: string): string | undefined {
  if (typeof field === 'string') return field;
  return /invalid authentication request to user {2}was issued/.test(text) ? '' : undefined;
}

function remoteIn(text: string): string | undefined {
  return /(?:rejected connection(?: on (?:client|peer) endpoint)? from "|TLS handshake error from )([^\s"]{1,255})/.exec(
    text,
  )?.[1];
}

/** Words that only one side of a connection writes, most specific first. */
const roles: readonly (readonly [RegExp, Pick<LogLine, 'role' | 'port'>])[] = [
  [/rejected connection on client endpoint/, { role: 'accepting', port: 'client' }],
  [/rejected connection on peer endpoint/, { role: 'accepting', port: 'peer' }],
  // The last two are pieces of a rejection, as it is quoted often.
  [
    /rejected connection|http: TLS handshake error from|", ServerName "|"remote-addr":/,
    { role: 'accepting' },
  ],
  // nginx, HAProxy and what calls OpenSSL's function for it, of their own ports.
  [
    /while SSL handshaking, client: |client SSL certificate verify error|client sent no required SSL certificate|\bSSL_accept\b|^\S{7,80} \[\d\d\/\w{3}\/\d{4}:[\d:.]{8,20}\] [\w.~-]{1,80}\/\S{1,80}: SSL /,
    { role: 'accepting' },
  ],
  [
    /addrConn\.createTransport|Subchannel|authentication handshake failed|; please retry/,
    { role: 'dialling' },
  ],
  // `Failed to dial HOST` without a stream is gRPC's, `failed to dial ID on stream …` is a peer's.
  [
    /prober detected|health check for peer|rafthttp: failed to (?:dial|find)|failed to dial(?! endpoint)|peer ?URL|failed to get version|get the version of member|get cluster response from|lost (?:the )?TCP streaming/,
    { role: 'dialling', port: 'peer' },
  ],
];

/** Who dialled: etcd's accepting side logs rejections, its dialling side health checks and streams. */
function roleOf(text: string, caller: string, writer: Writer): Pick<LogLine, 'role' | 'port'> {
  const known = roles.find(([pattern]) => pattern.test(text))?.[1];
  if (known !== undefined) return known;
  if (caller.startsWith('rafthttp') && writer === 'etcd') return { role: 'dialling', port: 'peer' };
  return /server preface|balancer error|connection error: desc/.test(text)
    ? { role: 'dialling' }
    : {};
}

function listOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.slice(0, 100).map(String) : undefined;
}

function words(text: string | undefined): readonly string[] | undefined {
  return text?.split(/[\s,"]+/).filter((word) => word !== '');
}

function withoutPort(address: string): string {
  const bracketed = /^\[(.{0,80})\](?::\d{0,5}:?)?$/.exec(address)?.[1];
  return bracketed ?? /^([^:]{0,255}):\d{0,5}:?$/.exec(address)?.[1] ?? address;
}
