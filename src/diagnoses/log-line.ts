/** One line of a log or one error text, taken apart as far as its form allows. */
export interface LogLine {
  /** The whole line without its line end. */
  readonly raw: string;
  /** What is left to read: message and error without time stamps, JSON and escapes. */
  readonly text: string;
  /** As written; formats differ by program and are not converted. */
  readonly time?: string;
  readonly level?: string;
  readonly writtenBy: Writer;
  /** Whether the writer accepted the connection in question or dialled it, where the form tells. */
  readonly role?: 'accepting' | 'dialling';
  readonly port?: 'client' | 'peer';
  /** Address of the other side, without port. */
  readonly remoteAddress?: string;
  /** SNI that the dialling side sent; empty when it dialled an address. */
  readonly serverName?: string;
  /** SANs of the certificate that the other side showed, as etcd logs them. */
  readonly shownIpAddresses?: readonly string[];
  readonly shownDnsNames?: readonly string[];
}

export type Writer =
  | 'etcd'
  | 'etcdctl'
  | 'kube-apiserver'
  | 'flanneld'
  | 'patroni'
  | 'curl'
  | 'openssl'
  | 'python'
  | 'java'
  | 'node'
  | 'go'
  | 'unknown';

/** Takes a line apart. Accepts journald, container and Kubernetes prefixes before it. */
export function parseLogLine(raw: string): LogLine {
  const structured = parseZap(raw) ?? parseBracketed(raw);
  if (structured !== undefined) return structured;

  const [, time, level, subsystem, message] =
    /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) ([CEWNIDT]) \| ([\w/.-]+): (.*)$/.exec(raw) ?? [];
  const text = unescape(message ?? raw);
  const parts = connectionParts(text);
  return {
    raw,
    text,
    ...(time !== undefined && { time }),
    ...(level !== undefined && { level }),
    writtenBy: subsystem === undefined ? writerOf(text) : 'etcd',
    ...roleOf(text, subsystem ?? ''),
    ...parts,
  };
}

function parseZap(raw: string): LogLine | undefined {
  const at = raw.indexOf('{"');
  if (at < 0) return undefined;
  const fields = parseObject(raw.slice(at));
  if (fields === undefined) return undefined;
  const [message] = ['msg', 'message', 'log'].flatMap((name) => textOf(fields[name]) ?? []);
  if (message === undefined) return undefined;

  const text = [message, ...errorTexts(fields)].join(': ');
  const [time, level] = [textOf(fields['ts']), textOf(fields['level'])];
  return {
    raw,
    text,
    writtenBy: isClient(fields) ? 'etcdctl' : 'etcd',
    ...(time !== undefined && { time }),
    ...(level !== undefined && { level }),
    ...connectionParts(text),
    ...roleOf(text, textOf(fields['caller']) ?? ''),
    ...otherSide(fields),
  };
}

/** As programs that embed etcd write it: `[WARN] [caller.go:1] ["message"] [remote-addr=…] [error="…"]`. */
function parseBracketed(raw: string): LogLine | undefined {
  const [, message] = /\] \["((?:[^"\\]|\\.)*)"\]/.exec(raw) ?? [];
  if (message === undefined) return undefined;
  const pairs = raw.matchAll(/\[([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\]]*))\]/g);
  const fields = Object.fromEntries(
    [...pairs].map(([, name = '', quoted, bare]) => [name, quoted ?? bare]),
  );
  const text = [message, ...errorTexts(fields)].join(': ');
  return { raw, text, writtenBy: 'etcd', ...roleOf(text, ''), ...otherSide(fields) };
}

/** etcd's client package logs in the same form, in etcdctl and in whatever else embeds it. */
function isClient(fields: Readonly<Record<string, unknown>>): boolean {
  return (
    /client/.test(textOf(fields['logger']) ?? '') ||
    /retry_interceptor/.test(textOf(fields['caller']) ?? '')
  );
}

/** What zap's fields say of the side that etcd talks with. */
function otherSide(fields: Readonly<Record<string, unknown>>): Partial<LogLine> {
  const remote = textOf(fields['remote-addr']) ?? textOf(fields['remote-address']);
  const ips = listOf(fields['ip-addresses']);
  const names = listOf(fields['dns-names']);
  const serverName = textOf(fields['server-name']);
  return {
    ...(remote !== undefined && { remoteAddress: withoutPort(remote) }),
    ...(serverName !== undefined && { serverName }),
    ...(ips !== undefined && { shownIpAddresses: ips }),
    ...(names !== undefined && { shownDnsNames: names }),
  };
}

/** Fields that carry what a line is about; the rest (ids, durations) would only distract. */
const telling = ['error', 'err', 'reason', 'environment-variable', 'warning', 'clock-drift'];

function errorTexts(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return telling.flatMap((name) => {
    const value = textOf(fields[name]);
    return value === undefined || value === '' ? [] : [unescape(value)];
  });
}

function connectionParts(text: string): Partial<LogLine> {
  const remote =
    /(?:rejected connection(?: on (?:client|peer) endpoint)? from "|TLS handshake error from )([^\s"]+)/.exec(
      text,
    )?.[1];
  const serverName = /ServerName "([^"]*)"/.exec(text)?.[1];
  const ips = /IPAddresses \[([^\]]*)\]/.exec(text)?.[1];
  const names = /, DNSNames \[([^\]]*)\]\)/.exec(text)?.[1];
  return {
    ...(remote !== undefined && { remoteAddress: withoutPort(remote) }),
    ...(serverName !== undefined && { serverName }),
    ...(ips !== undefined && { shownIpAddresses: words(ips) }),
    ...(names !== undefined && { shownDnsNames: words(names) }),
  };
}

/** Who dialled: etcd's accepting side logs rejections, its dialling side health checks and streams. */
function roleOf(text: string, origin: string): Partial<LogLine> {
  if (/rejected connection/.test(text)) {
    const port = /on (client|peer) endpoint/.exec(text)?.[1];
    return {
      role: 'accepting',
      ...((port === 'client' || port === 'peer') && { port }),
    };
  }
  // A piece of a rejection, as it is quoted often.
  if (/http: TLS handshake error from|", ServerName "|"remote-addr":/.test(text)) {
    return { role: 'accepting' };
  }
  if (
    /prober detected|health check for peer|rafthttp: failed to (?:dial|find)|peer ?URL|failed to get version|get the version of member|get cluster response from/.test(
      text,
    )
  ) {
    return { role: 'dialling', port: 'peer' };
  }
  if (origin.startsWith('rafthttp') || /lost TCP streaming|failed to dial/.test(text)) {
    return { role: 'dialling', port: 'peer' };
  }
  if (/addrConn\.createTransport|Subchannel|authentication handshake failed/.test(text)) {
    return { role: 'dialling' };
  }
  return {};
}

const writers: readonly (readonly [Writer, RegExp])[] = [
  ['etcd', /rejected connection|\betcd(?:main|server)?: |rafthttp|etcd\[\d+\]|\bembed: /],
  ['kube-apiserver', /kube-?apiserver|storage_decorator|componentstatus|etcd-servers|k8s\.io\//i],
  ['flanneld', /flannel/i],
  ['patroni', /patroni/i],
  ['java', /javax?\.|sun\.security|PKIX|io\.netty|Received fatal alert/],
  ['python', /\[SSL: |ssl\.SSL|urllib3|requests\.exceptions|_ssl\.c:\d+/],
  ['node', /ERR_SSL_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_CERT_IN_CHAIN|CERT_HAS_EXPIRED/],
  ['curl', /\bcurl: \(\d+\)|\bcurl\b.*SSL/],
  ['openssl', /SSL routines|Verify return code|verify error:num|SSL alert number|sslv3 alert/],
  ['etcdctl', /etcdctl|^Error:|No help topic|clientv3|client: etcd cluster is unavailable/],
  ['go', /x509: |tls: |transport: |remote error|rpc error|http: /],
];

function writerOf(text: string): Writer {
  return writers.find(([, pattern]) => pattern.test(text))?.[0] ?? 'unknown';
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // no structured line after all: it is read as text
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function words(text: string): readonly string[] {
  return text.split(/[\s,"]+/).filter((word) => word !== '');
}

function unescape(text: string): string {
  return text.replaceAll('\\"', '"');
}

function withoutPort(address: string): string {
  const bracketed = /^\[(.*)\](?::\d*:?)?$/.exec(address)?.[1];
  return bracketed ?? /^([^:]*):\d*:?$/.exec(address)?.[1] ?? address;
}
