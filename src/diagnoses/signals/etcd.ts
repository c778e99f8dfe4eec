import type { Wording } from './signal.ts';

/** What etcd and its clients say of settings, files, members and users. */
export const etcdWordings: readonly Wording[] = [
  ['cluster-id', /cluster ID mismatch|cluster id mismatch|ClusterIDMismatch/],
  ['user-name-empty', /user name is empty/],
  [
    'permission-denied-by-etcd',
    /etcdserver: permission denied|Insufficient credentials|request requires user authentication|code = PermissionDenied|PermissionDenied|\bauth: .{0,99}permission denied|permission denied.{0,40}\b(?:user|role|key)\b/,
  ],
  [
    'invalid-user',
    /invalid user name|user (?:name )?not found|invalid auth token|authentication is not enabled|authentication failed, invalid user ID or password|invalid authentication request to user/,
  ],
  ['gateway-common-name', /CommonName of client sending a request against gateway/],
  ['proxy-common-name', /cert has non empty Common Name/],
  // A directory for data that is not there yet is what every new member starts with.
  [
    'data-directory-missing',
    /failed to open directory.{0,300}no such file|(?:member|snap|wal|data[-_]?dir|(?:etcd|pd)\.data)["']?: no such file or directory/i,
  ],
  [
    'file-missing',
    /: no such file or directory(?<=(?<file>[^\s:]{1,255}): no such file or directory)(?<=(?:cert|tls|ssl|pki|key|\.pem|\.crt|\.cer|\.crl|\bca\b|secret|\.ya?ml|\.conf|\.env)[^\s:]{0,99}: no such file or directory)/i,
  ],
  [
    'file-missing',
    /could not (?:find|load) (?!any root).{0,99}(?:cert|key)|certificate file .{0,99}(?:missing|not found)|(?:member|server|peer|node|CA) (?:cert|certificate|key)s? (?:is |are |file )?missing|required and must be readable|(?:\[Errno 2\]|no such file).{0,99}(?:\.pem|\.crt|\.key|\.cer|cert)|(?:\.pem|\.crt|\.key|\.cer|certificate)\S{0,40}[: ]{1,3}no such file|stat of host path|does not include the required (?:certificate|key)|(?:ENOENT|FileNotFound).{0,120}(?:\.pem|\.crt|\.key|\.cer|cert)|(?:certificate|key) files? of .{0,99} (?:are|is) not there/i,
  ],
  // OpenSSL names the call and, through its store, the path.
  [
    'file-missing',
    /NoSuchFileException: (?<path>\S{1,255})|system library:[^:]{0,99}:No such file or directory:.{0,255}calling \w{1,20}\((?<file>[^,)]{1,255})|SSL_CTX_(?:load_verify|use_)\w{1,40}.{0,99}system lib(?:rary)?:[^:]{0,99}:No such file or directory/,
  ],
  ['path-missing', /no such file or directory|ENOENT|FileNotFoundError|FileNotFoundException/i],
  [
    'file-unreadable',
    /PermissionError\(13\b|\[Errno 13\]|: permission denied(?<=\b(?:open|stat|read|mkdir|lstat|access|write) (?<file>\S{1,255}): permission denied)|EACCES|avc: {1,3}denied|apparmor="DENIED"|cannot access data directory|permission denied on (?:a |the )?\S{0,99} ?\S{0,99} ?file/i,
  ],
  ['permission-denied', /permission denied/i],
  // What these name may be missing, unreadable, or hold something else.
  [
    'certificate-file-unusable',
    /error setting certificate (?:file: (?<file>\S{1,255})|verify locations)|failed to open cert (?<opened>\S{1,255}):|unable to set private key file: '(?<key>[^']{1,255})'|error (?:reading X\.509 key or certificate|loading (?:cert|key)) file|error setting the x509 trust file|SSL_CTX_load_verify_\w{1,20}: system lib|no trusted certificates found|could not open file or uri for loading [\w ]{1,60} from (?<loaded>\S{1,255})/i,
  ],
  [
    'file-is-directory',
    /read (?<file>\S{1,255}): is a directory|IsADirectoryError(?:.{0,40}Is a directory: '(?<path>[^']{1,255})')?|kind: IsADirectory|EISDIR: illegal operation on a directory/,
  ],
  // Go prints a path as it is: quotation marks are part of the name that was configured.
  ['quoted-path', /\b(?:open|stat|read) \\?["'](?<file>[^"']{1,255})["']: no such file/],
  ['pem-swapped', /PEM inputs may have been switched|found a certificate rather than a key/],
  [
    'pem-malformed',
    /failed to find (?:any PEM data|certificate PEM data|"?CERTIFICATE"? PEM block)|no certificate(?:s)? found in|PEM lib|no start line|trustAnchors parameter must be non-empty|No certificate data found|invalid certificate encoding|private key or certificate not found|error (?:loading cert file|setting the x509 trust file): (?:No certificate was found|Base64)|no certificate or crl found|could not read (?:client )?(?:certificate|private key|ca certificate).{0,40} from |signed fields invalid|bad end line|could not parse .{0,255}PEM|certificate could not be parsed|could not load any root certificate|(?:does )?not contain valid certificates|BAD_BASE64|Input byte array has (?:incorrect|wrong)/i,
  ],
  [
    'key-mismatch',
    /private key (?:type )?does not match public key|invalid signature by the (?:client|server) certificate|key values mismatch|InconsistentKeys\(KeyMismatch|X509_check_private_key/,
  ],
  [
    'key-unparsable',
    /failed to parse private key|bad decrypt|unsupported (?:private )?key|encrypted private key|contain (?:a )?valid private key|[Ii]nvalid private key|private key (?:is encrypted|with a pass)|unable to load client key|unable to get passphrase|problems getting password|Error importing key|InvalidKeySpecException|InvalidKeyException|Neither RSA, DSA nor EC worked/i,
  ],
  [
    'asn1',
    /asn1: |malformed (?:tbs )?certificate|malformed validity|x509: trailing data|x509: negative serial/,
  ],
  [
    'certificate-missing',
    /KeyFile and CertFile (?:are not presented|must both be present)|TLS key\/cert .{0,255} must be provided|must (?:be provided|provide).{0,255}(?:cert|key)-file|[Rr]equires? both (?:the )?cert(?:ificate)? and (?:the )?key/,
  ],
  ['server-certificate-unreadable', /failed to (?:find|create) (?:peer|client|server) cert/],
  // Kubernetes puts these into every container that runs next to a Service named etcd.
  [
    'service-link-variable',
    /unrecognized environment variable[: ]{1,2}(?:ETCD\w{0,99}_(?:SERVICE_HOST|SERVICE_PORT(?:_\w{1,99})?|PORT(?:_\d{1,5}_(?:TCP|UDP)(?:_(?:PROTO|PORT|ADDR))?)?)|ETCDCTL_\w{1,99}|ETCD_(?:VER|VERSION|IMAGE\w{0,40}|USER|HOME|BIN\w{0,40}|ARGS|OPTS|EXTRA_ARGS|UNSUPPORTED_ARCH))\b/,
  ],
  [
    'unknown-variable',
    /unrecognized environment variable[: ]{1,2}(?<name>ETCD_(?!SERVICE_|PORT|VER|IMAGE|USER|HOME|BIN|ARGS|OPTS|EXTRA)\w{1,99})/,
  ],
  ['bad-value', /(?<name>ETCD_\w{1,99}): unbound variable/],
  ['shadowed', /shadowed by corresponding (?:command-line )?flag/],
  [
    'bad-flag',
    /flag provided but not defined: (?<flag>\S{1,255})|unknown flag: (?<other>\S{1,255})|is not a valid flag/,
  ],
  [
    'bad-value',
    /error setting up initial cluster|couldn't find local name|member count is unequal|invalid value|error verifying flags|URL scheme must be http, https|conflicting environment variable .{0,99} is shadowed.{0,20}etcd: |selfSignedCertValidity is invalid|cannot unmarshal|mutually exclusive|expected IP in URL/,
  ],
  [
    'config-file-wins',
    /Other configuration command line flags and environment variables will be ignored|other configuration command line flags and environment variables will be ignored/,
  ],
  [
    'old-client',
    /No help topic for|unknown command "?[\w-]{1,255}"? for "?etcdctl|unknown command "?(?:member|put|get|endpoint)|flag provided but not defined: -(?:cacert|cert|key)\b|API version: 2\b/,
  ],
  // The client for version 2 wraps the reason of each endpoint in these words.
  ['version-2-client', /cluster is unavailable or misconfigured|--ca-file/],
  [
    'urls-differ',
    /has different advertised URLs|missing from --initial-advertise-peer-urls|advertised? (?:client |peer )?URLs .{0,255}do not match|is missing in the provided initial cluster|should be (?:in|part of) .{0,255}initial-cluster/i,
  ],
  [
    'stored-url',
    /Found \[[^\]]{1,255}\], expect|newURLs .{1,99} should never fail|peer (?:url|addr)\S{0,255}(?: \w{1,99}){0,4} http\b(?!:)|unmatched member while checking PeerURLs/i,
  ],
  [
    'endpoint-scheme',
    /unsupported protocol scheme|missing port in address|too many colons in address|first path segment in URL cannot contain colon/,
  ],
  [
    'peer-unhealthy',
    /prober detected unhealthy status|health check for peer \S{1,255} could not connect|failed to dial(?! endpoint)|failed to reach the peer ?URL|failed to get version|cannot get the version of member|could not get cluster response from|lost TCP streaming/,
  ],
  [
    'stream-lost',
    /lost (?:the )?TCP streaming|failed to (?:read|write|heartbeat) \S{1,255} on stream/,
  ],
  [
    'srv-records',
    /cannot find local etcd member "?(?<name>[^"\s]{1,255})"? in SRV records|error (?:looking up|querying) DNS SRV/,
  ],
  ['gateway-dial', /addrConn\.createTransport|grpc: addrConn|; please retry|Subchannel/],
  [
    'orderly-stop',
    /received \w{1,20} signal|received signal; shutting down|stopp(?:ing|ed) (?:in)?secure (?:grpc|http)\w{0,4} server|mux: server closed|http: Server closed|skipped leadership transfer/,
  ],
  ['rejected', /rejected connection/],
  [
    'raft-waits',
    /sending buffer is full|failed to send out heartbeat on time|server is likely overloaded|took too long|publish error|failed to publish|etcdserver: request timed out|etcdserver: unhealthy cluster|etcdserver: leader changed|etcdserver: no leader|lost leader|slow fdatasync|waiting for ReadIndex|waiting for read index|message dropped|dropped (?:internal )?(?:raft message|Msg)/i,
  ],
];
