import { type Layout, layoutOf, textAt } from './layouts.ts';
import { type Service, serviceOf, type Target, targetOf } from './target.ts';
import { type Writer, writerOf } from './writer.ts';

/** One line of a log or one error text, taken apart as far as its form allows. */
export interface LogLine {
  /** What is left to read: message, error and other fields without time stamps, JSON and escapes. */
  readonly text: string;
  /** As written; formats differ by program and are not converted. */
  readonly time?: string;
  readonly level?: string;
  readonly writtenBy: Writer;
  /** Source file or package that wrote it, e.g. `auth/store.go:1380`. */
  readonly caller?: string;
  /** Whether the writer accepted the connection in question or dialled it, where the form tells. */
  readonly role?: 'accepting' | 'dialling';
  readonly port?: 'client' | 'peer';
  /** What was dialled, where the line says it. */
  readonly target?: Target;
  /** What listens there; absent where nothing tells. */
  readonly service?: Service;
  /** Address of the other side, without port. */
  readonly remoteAddress?: string;
  /** SNI that the dialling side sent; empty when it dialled an address. */
  readonly serverName?: string;
  /** SANs of the certificate that the other side showed, as etcd logs them. */
  readonly shownIpAddresses?: readonly string[];
  readonly shownDnsNames?: readonly string[];
  /** True for a command that was pasted together with its output. */
  readonly isCommand?: boolean;
}

/** Takes a line apart. Accepts journald, container and Kubernetes prefixes before it. */
export function parseLogLine(raw: string): LogLine {
  const layout = layoutOf(raw);
  const { text, caller = '', time, level } = layout;
  const writtenBy = writerOf(layout);
  const role = roleOf(text, caller, writtenBy);
  const target = role.role === 'accepting' ? undefined : targetOf(text);
  const service = serviceOf(text, target, role.port);
  const port = role.port ?? portOf(service);
  return {
    text,
    writtenBy,
    ...(caller !== '' && { caller }),
    ...(time !== undefined && { time }),
    ...(level !== undefined && { level }),
    ...role,
    ...(port !== undefined && { port }),
    ...(target !== undefined && { target }),
    ...(service !== undefined && { service }),
    ...otherSide(layout),
    ...(isCommand(raw) && { isCommand: true }),
  };
}

function portOf(service: Service | undefined): LogLine['port'] {
  if (service === 'etcd-peer') return 'peer';
  return service === 'etcd-client' ? 'client' : undefined;
}

/** Commands as they stand in a paste: after a prompt, or etcd's own programs with options. */
function isCommand(raw: string): boolean {
  return /^\s{0,8}(?:\[[^\]]{1,80}\]|[\w.@-]{1,60}:\S{1,80}|\(\w{1,40}\))?\s{0,2}[$#] {1,4}\S|^>>> |^\s{0,8}(?:sudo )?(?:ETCDCTL_\S{1,99} )?(?:\.\/)?etcdctl (?:-|\w)/.test(
    raw.slice(0, 300),
  );
}

/** What the line says of the side that the writer talks with. */
function otherSide({ fields, text }: Layout): Partial<LogLine> {
  const remote = textAt(fields, 'remote-addr', 'remote-address') ?? remoteIn(text);
  const serverName = fields.get('server-name') ?? /ServerName "([^"]{0,255})"/.exec(text)?.[1];
  const ips = listOf(fields.get('ip-addresses')) ?? words(/IPAddresses \[([^\]]{0,4000})\]/.exec(text)?.[1]);
  const names = listOf(fields.get('dns-names')) ?? words(/, DNSNames \[([^\]]{0,4000})\]\)/.exec(text)?.[1]);
  return {
    ...(remote !== undefined && { remoteAddress: withoutPort(remote) }),
    ...(typeof serverName === 'string' && { serverName }),
    ...(ips !== undefined && { shownIpAddresses: ips }),
    ...(names !== undefined && { shownDnsNames: names }),
  };
}

function remoteIn(text: string): string | undefined {
  return /(?:rejected connection(?: on (?:client|peer) endpoint)? from "|TLS handshake error from )([^\s"]{1,255})/.exec(
    text,
  )?.[1];
}

const peerDial =
  /prober detected|health check for peer|rafthttp: failed to (?:dial|find)|failed to dial|peer ?URL|failed to get version|get the version of member|get cluster response from|lost (?:the )?TCP streaming/;

/** Who dialled: etcd's accepting side logs rejections, its dialling side health checks and streams. */
function roleOf(text: string, caller: string, writer: Writer): Pick<LogLine, 'role' | 'port'> {
  if (/rejected connection/.test(text)) {
    const port = /on (client|peer) endpoint/.exec(text)?.[1];
    return { role: 'accepting', ...((port === 'client' || port === 'peer') && { port }) };
  }
  // A piece of a rejection, as it is quoted often.
  if (/http: TLS handshake error from|", ServerName "|"remote-addr":/.test(text)) {
    return { role: 'accepting' };
  }
  if (/addrConn\.createTransport|Subchannel|authentication handshake failed|; please retry/.test(text)) {
    return { role: 'dialling' };
  }
  // `Failed to dial HOST` without a stream is gRPC's, `failed to dial ID on stream …` is a peer's.
  if (peerDial.test(text)) return { role: 'dialling', port: 'peer' };
  if (caller.startsWith('rafthttp') && writer === 'etcd') return { role: 'dialling', port: 'peer' };
  if (/server preface|balancer error|connection error: desc/.test(text)) return { role: 'dialling' };
  return {};
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
