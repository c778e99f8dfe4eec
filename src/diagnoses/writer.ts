import type { Layout } from './layout.ts';

/** Which program, and which part of it, wrote a line. */
export type Writer =
  | 'etcd'
  /** gRPC's own logger in plain Go form: etcd's gateway, or any Go program with it. */
  | 'grpc'
  /** etcd's Go client library, in etcdctl or whatever else embeds it. */
  | 'etcd-client'
  | 'etcdctl'
  | 'kube-apiserver'
  | 'kubelet'
  /** Another component of Kubernetes, or a controller with its logger. */
  | 'kubernetes'
  /** The own server of k3s and rke2, which is not etcd. */
  | 'supervisor'
  | 'flanneld'
  | 'patroni'
  | 'curl'
  | 'openssl'
  | 'python'
  | 'java'
  | 'node'
  | 'dotnet'
  | 'rust'
  | 'lua'
  | 'proxy'
  | 'go'
  | 'unknown';

/** Packages of etcd whose files appear in `caller` of zap and before the colon of capnslog. */
const etcdPackage =
  /^(?:embed|rafthttp|etcdserver|etcdmain|membership|api|flags|auth|mvcc|wal|snap|transport|osutil|raft|v3rpc|version|verify|fileutil|lease|lessor|backend|schema|tlsutil|discovery|v2store|store|adt|netutil|runtime|pkg|txn|cindex|proxy|servers?)\b/;

/** Names that clear themselves of doubt, most specific first. */
const marks: readonly (readonly [Writer, RegExp])[] = [
  ['supervisor', /Cluster-Http-Server|failed to validate server configuration|\/v1-(?:k3s|rke2)\//],
  ['kubelet', /(?:Liveness|Readiness|Startup) probe failed|\bkubelet\b/],
  ['kube-apiserver', /kube-?apiserver|storage_decorator|etcd-servers/i],
  ['flanneld', /flannel/i],
  ['patroni', /patroni/i],
  [
    'etcd',
    /rejected connection|(?<!-)\betcd(?:main|server)?: |\brafthttp: |\bembed: |prober detected|health check for peer/,
  ],
  [
    'dotnet',
    /System\.\w{1,60}Exception|Grpc\.(?:Core|Net)|GrpcChannelOptions|AuthenticationException/,
  ],
  ['java', /javax?\.|sun\.security|PKIX|io\.netty|io\.grpc|Received fatal alert|jetcd/],
  [
    'python',
    /\[SSL: |ssl\.SSL|urllib3|requests\.exceptions|_ssl\.c:\d|etcd3\.exceptions|Traceback|(?:FileNotFound|IsADirectory)Error|\.py", line/,
  ],
  [
    'node',
    /ERR_SSL_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_CERT_IN_CHAIN|CERT_HAS_EXPIRED|grpc-js|\d{1,2} UNAVAILABLE/,
  ],
  ['rust', /tonic::|hyper::|rustls|thread '[^']{1,60}' panicked/],
  ['lua', /\[lua\]|lua-resty/],
  [
    'proxy',
    /\bhaproxy\b|is DOWN, reason: Layer\d|\d\] [\w.~-]{1,80}\/\S{1,80}: SSL |upstream|envoy|while SSL handshaking, client: /i,
  ],
  ['curl', /\bcurl: \(\d{1,3}\)|^\* {1,3}(?:TLS|SSL|ALPN|Server certificate|Connected)/],
  ['openssl', /SSL routines|Verify return code|verify error:num|SSL alert number|sslv3 alert/],
  ['etcdctl', /etcdctl|^Error:|No help topic|clientv3|client: etcd cluster is unavailable/],
  ['go', /x509: |tls: |transport: |remote error|rpc error|http: |dial tcp/],
];

/** Names of processes, as wrappers have them. */
const programs: readonly (readonly [Writer, RegExp])[] = [
  ['kubelet', /kubelet|origin-node/],
  ['kube-apiserver', /apiserver/],
  ['proxy', /haproxy|nginx|envoy/],
];

/** Reads it from wrapper, words, form and source file, in this order of trust. */
export function writerOf(layout: Layout): Writer {
  const { program = '', text } = layout;
  const named = programs.find(([, pattern]) => pattern.test(program))?.[0];
  if (named !== undefined) return named;
  const known = marks.find(([, pattern]) => pattern.test(text))?.[0];
  return known === 'supervisor' ? known : (byForm(layout, known) ?? known ?? 'unknown');
}

type Hint = (layout: Layout, known: Writer | undefined) => Writer | undefined;

/** What the form, the source file and the name of the process say, in this order. */
const hints: readonly Hint[] = [
  ({ form, caller = '' }, known) => {
    if (form !== 'klog') return undefined;
    return known === 'kubelet' || known === 'patroni' ? known : klogWriter(caller);
  },
  ({ form }) => (form === 'capnslog' ? 'etcd' : undefined),
  ({ fields, caller = '' }) => (isEtcdClient(fields, caller) ? 'etcd-client' : undefined),
  ({ form, caller = '' }) => (form === 'zap' && etcdPackage.test(caller) ? 'etcd' : undefined),
  ({ form, text }) => {
    return (form === 'go' || form === 'text') && plainGrpc.test(text) ? 'grpc' : undefined;
  },
  ({ program = '' }) => (/^etcd\d{0,2}$/.test(program) ? 'etcd' : undefined),
];

function byForm(layout: Layout, known: Writer | undefined): Writer | undefined {
  for (const hint of hints) {
    const writer = hint(layout, known);
    if (writer !== undefined) return writer;
  }
  return undefined;
}

const plainGrpc = /addrConn\.createTransport|grpc: |; please retry|\[core\]/;

/** gRPC inside a process with Kubernetes' logger that dials etcd is an API server's, with rare exceptions. */
function klogWriter(caller: string): Writer {
  return /^(?:clientconn|logging|grpclog|clientv3|etcd3|store|healthcheck|controlbuf)/.test(caller)
    ? 'kube-apiserver'
    : 'kubernetes';
}

/** etcd's client package logs in the same form, in etcdctl and in whatever else embeds it. */
function isEtcdClient(fields: ReadonlyMap<string, unknown>, caller: string): boolean {
  const logger = fields.get('logger');
  return (
    (typeof logger === 'string' && logger.includes('client')) ||
    /retry_interceptor|^(?:clientv3|client)\//.test(caller)
  );
}
