import type { MemberSettings, TlsSettings } from '../model/settings.ts';
import { cipherSuite, http2Refusal } from './cipher-suites.ts';
import { effectiveTls, type Listener } from './effective-tls.ts';
import { quote } from '../pki/go-text.ts';
import { quoteAll } from './go-text.ts';
import { logsThroughZap, nilLogger, panicsInSetUp } from './log-words.ts';
import { problem, refuse } from './settings-problem.ts';
import { type EtcdUrl, parseUrls } from './urls.ts';
import { type EtcdVersion, hasSince, isAtLeast } from './version.ts';
import { joinHostPort } from '../model/host.ts';
import type { Problems } from '../model/settings-problem.ts';

/** What ends etcd when it sets up its listeners, whatever the files hold (embed/etcd.go, transport/listener.go). */
export function findListenerProblems(settings: MemberSettings, version: EtcdVersion): Problems {
  const { peer } = settings;
  return [
    ...unknownSuites(settings, version),
    ...validityProblems(settings),
    ...missingPair(settings, 'peer', version),
    ...incompatible(peer, 'peer', version),
    ...missingPair(settings, 'client', version),
    ...sharedUrls(settings, version),
  ];
}

/** What ends etcd when it begins to serve metrics and, once it has joined the cluster, clients. */
export function findServingProblems(settings: MemberSettings, version: EtcdVersion): Problems {
  const serves = effectiveTls(settings, 'client', version).encryptedUrls.length > 0;
  return [
    ...metricsProblems(settings, version),
    ...(serves ? incompatible(settings.client, 'client', version) : []),
    ...(serves ? http2Problems(settings, version) : []),
    ...socketProblems(settings, version),
  ];
}

/** The list is used for every listener, and read even when none of them is encrypted. */
function unknownSuites({ cipherSuites }: MemberSettings, version: EtcdVersion): Problems {
  const unknown = cipherSuites?.value.find((name) => cipherSuite(name, version) === undefined);
  if (cipherSuites === undefined || unknown === undefined) return [];
  const isPadded = /^[ \t]|[ \t]$/.test(unknown);
  const why = unknown === '' ? 'empty-suite' : isPadded ? 'suite-with-blanks' : 'unknown-suite';
  const says = `unexpected TLS cipher suite ${quote(unknown)}`;
  return refuse(cipherSuites, why, says);
}

function missingPair(
  settings: MemberSettings,
  listener: 'client' | 'peer',
  version: EtcdVersion,
): Problems {
  const { encryptedUrls, certificate } = effectiveTls(settings, listener, version);
  const [url] = encryptedUrls;
  if (url === undefined || certificate !== 'none') return [];

  const urls = listener === 'client' ? settings.listenClientUrls : settings.listenPeerUrls;
  const says = listener === 'client' ? mustBeProvided(url, version) : notPresented(url);
  return refuse(urls, 'url-without-pair', says, { listener });
}

/** baseConfig's demands, made of peers' settings whatever their URLs are. */
function incompatible(tls: TlsSettings, listener: Listener, version: EtcdVersion): Problems {
  if (tls.certFile === undefined && tls.keyFile === undefined) return [];
  return [...halfPair(tls), ...halfDialPair(tls, version), ...bothAllowed(tls, listener, version)];
}

function mustBeProvided(url: EtcdUrl, version: EtcdVersion): string {
  const scheme = isAtLeast(version, '3.4.0') ? 'HTTPS' : 'HTTPs';
  return `TLS key/cert (--cert-file, --key-file) must be provided for client url ${url.text} with ${scheme} scheme`;
}

/** The message has the address that the listener got, and Go listens on both families where one's wildcard is given. */
function notPresented({ host, port }: EtcdUrl): string {
  const got = { localhost: '127.0.0.1', '0.0.0.0': '::' }[host] ?? host;
  const address = port === '' ? host : joinHostPort(got, port);
  return `cannot listen on TLS for ${address}: KeyFile and CertFile are not presented`;
}

function halfPair({ certFile, keyFile }: TlsSettings): Problems {
  const only = certFile ?? keyFile;
  if (only === undefined || (certFile !== undefined && keyFile !== undefined)) return [];
  const says = `KeyFile and CertFile must both be present[key: ${keyFile?.value ?? ''}, cert: ${certFile?.value ?? ''}]`;
  return refuse(only, 'half-pair', says);
}

function halfDialPair(
  { clientCertFile, clientKeyFile }: TlsSettings,
  version: EtcdVersion,
): Problems {
  const only = clientCertFile ?? clientKeyFile;
  const whole = clientCertFile !== undefined && clientKeyFile !== undefined;
  if (only === undefined || whole || !isAtLeast(version, '3.5.0')) return [];
  const says = `ClientKeyFile and ClientCertFile must both be present or both absent: key: ${clientKeyFile?.value ?? ''}, cert: ${clientCertFile?.value ?? ''}]`;
  return refuse(only, 'half-pair', says);
}

function bothAllowed(
  { allowedCns, allowedHostnames }: TlsSettings,
  listener: Listener,
  version: EtcdVersion,
): Problems {
  if (allowedCns === undefined || allowedHostnames === undefined) return [];
  if (allowedCns.value.length === 0 || allowedHostnames.value.length === 0) return [];

  const says = hasSince(version, ['3.5.15'])
    ? `AllowedCNs and AllowedHostnames are mutually exclusive (cns=${quoteAll(allowedCns.value)}, hostnames=${quoteAll(allowedHostnames.value)})`
    : `AllowedCN and AllowedHostname are mutually exclusive (cn=${quote(allowedCns.value[0] ?? '')}, hostname=${quote(allowedHostnames.value[0] ?? '')})`;
  const why = 'two-kinds-of-allowed-names';
  return refuse(allowedHostnames, why, says, { listener });
}

function sharedUrls(settings: MemberSettings, version: EtcdVersion): Problems {
  const { listenClientHttpUrls: split, listenClientUrls } = settings;
  if (split === undefined) return [];
  // The flags' names were swapped in the message until 3.6.
  const [grpc, http] = isAtLeast(version, '3.6.0')
    ? ['--listen-client-urls', '--listen-client-http-urls']
    : ['--client-listen-urls', '--client-listen-http-urls'];
  const addresses = listenClientUrls.value.map(addressOf);
  return split.value
    .filter((url) => addresses.includes(addressOf(url)))
    .map((url) =>
      problem(
        'refused-at-start',
        split,
        'url-in-two-lists',
        `cannot bind both ${grpc} and ${http} on the same url ${url}`,
      ),
    );
}

function addressOf(url: string): string {
  return url.replace(/^[a-z]+:\/\//, '');
}

function metricsProblems(settings: MemberSettings, version: EtcdVersion): Problems {
  const { encryptedUrls, certificate } = effectiveTls(settings, 'metrics', version);
  const [url] = encryptedUrls;
  if (url === undefined || certificate !== 'none' || settings.listenMetricsUrls === undefined) {
    return [];
  }
  const says = isAtLeast(version, '3.5.0')
    ? 'client TLS key/cert (--cert-file, --key-file) must be provided for metrics secure url'
    : notPresented(url);
  const why = 'metrics-url-without-pair';
  return refuse(settings.listenMetricsUrls, why, says);
}

function http2Problems(settings: MemberSettings, version: EtcdVersion): Problems {
  const { cipherSuites } = settings;
  const refusal = http2Refusal(cipherSuites?.value ?? [], version);
  if (cipherSuites === undefined || refusal === undefined) return [];

  const says = panicsInSetUp('http2', settings, version) ? nilLogger : refusal;
  return refuse(cipherSuites, 'no-http2-suite', says);
}

/**
 * With grpc-go 1.58, which 3.4 has since 3.4.28, the gateway is not connected to a socket that it calls
 * `unix://host:port`; 3.5 has called it `unix:host:port` since 3.5.10. (Seen on 3.4.30 and 3.4.38.)
 */
function socketProblems(settings: MemberSettings, version: EtcdVersion): Problems {
  const { listenClientUrls: listened, enableGrpcGateway } = settings;
  const isAffected = isAtLeast(version, '3.4.28') && !isAtLeast(version, '3.5.0');
  if (!isAffected || enableGrpcGateway?.value === false) return [];
  const read = parseUrls(listened.value, version);
  const urls = read.ok ? read.urls : [];
  const sockets = urls.filter(({ scheme }) => scheme.startsWith('unix'));
  const [first] = sockets;
  if (first === undefined) return [];
  // Which of the client URLs the gateway connects to is the order of a Go map (embed/etcd.go grpcGatewayDial).
  const kind = sockets.length === urls.length ? 'refused-at-start' : 'refused-at-some-starts';
  const authority = first.text.replace(/^\w+:\/\//, '');
  const says = logsThroughZap(settings, version)
    ? `failed to build resolver: invalid (non-empty) authority: ${authority}`
    : nilLogger;
  return [problem(kind, listened, 'socket-closed-to-gateway', says)];
}

function validityProblems(settings: MemberSettings): Problems {
  const { selfSignedCertValidity: validity, client, peer } = settings;
  const generates = [client, peer].some(
    ({ autoTls, certFile, keyFile }) =>
      autoTls?.value === true && certFile === undefined && keyFile === undefined,
  );
  if (validity?.value !== 0 || validity.origin.via === 'config-file' || !generates) return [];
  const says = 'selfSignedCertValidity is invalid,it should be greater than 0';
  return refuse(validity, 'zero-validity', says);
}
