import type { Wording } from './signal.ts';

/** What etcd and its clients say of settings, files, members and users. */
export const etcdWordings: readonly Wording[] = [
  ['cluster-id', /cluster ID mismatch|cluster id mismatch|ClusterIDMismatch/],
  ['user-name-empty', /user name is empty/],
  [
    'permission-denied-by-etcd',
    /etcdserver: permission denied|rpc error: code = PermissionDenied|PermissionDenied/,
  ],
  [
    'invalid-user',
    /invalid user name|user (?:name )?not found|invalid auth token|authentication is not enabled|authentication failed, invalid user ID or password/,
  ],
  ['gateway-common-name', /CommonName of client sending a request against gateway/],
  ['proxy-common-name', /cert has non empty Common Name/],
  [
    'file-missing',
    /(?<file>\S+): no such file or directory|(?<path>\/\S+)[: ]+no such file or directory|FileNotFoundError|ENOENT|could not (?:find|load) (?!any root).*(?:cert|key)|certificate file .*(?:missing|not found)|(?:member|server|peer|node|CA) (?:cert|certificate|key)s? (?:is |are |file )?missing|required and must be readable|(?:\[Errno 2\]|no such file).*(?:\.pem|\.crt|\.key|\.cer|cert)|stat of host path|does not include the required (?:certificate|key)|(?:certificate|key) files? of .* (?:are|is) not there/i,
  ],
  [
    'file-unreadable',
    /open (?<file>\S+): permission denied|EACCES|AVC|AppArmor|permission denied on (?:a |the )?\S* ?\S* ?file/,
  ],
  ['permission-denied', /(?<!etcdserver: )permission denied/i],
  ['file-is-directory', /read (?<file>\S+): is a directory/],
  // Go prints a path as it is: quotation marks are part of the name that was configured.
  ['quoted-path', /\b(?:open|stat|read) \\?["'](?<file>[^"']+)["']: no such file/],
  ['pem-swapped', /PEM inputs may have been switched|found a certificate rather than a key/],
  [
    'pem-malformed',
    /failed to find (?:any PEM data|certificate PEM data|"?CERTIFICATE"? PEM block)|no certificate(?:s)? found in|PEM lib|no start line|bad end line|could not parse .*PEM|certificate could not be parsed|could not load any root certificate|(?:does )?not contain valid certificates|BAD_BASE64|Input byte array has (?:incorrect|wrong)/i,
  ],
  [
    'key-mismatch',
    /private key (?:type )?does not match public key|key values mismatch|X509_check_private_key/,
  ],
  [
    'key-unparsable',
    /failed to parse private key|bad decrypt|unsupported (?:private )?key|encrypted private key|contain (?:a )?valid private key|[Ii]nvalid private key|private key (?:is encrypted|with a pass)|InvalidKeySpecException|InvalidKeyException|Neither RSA, DSA nor EC worked/i,
  ],
  [
    'asn1',
    /asn1: |malformed (?:tbs )?certificate|malformed validity|x509: trailing data|x509: negative serial/,
  ],
  [
    'certificate-missing',
    /KeyFile and CertFile (?:are not presented|must both be present)|TLS key\/cert .* must be provided|must (?:be provided|provide).*(?:cert|key)-file|[Rr]equires? both (?:the )?cert(?:ificate)? and (?:the )?key/,
  ],
  ['server-certificate-unreadable', /failed to (?:find|create) (?:peer|client|server) cert/],
  ['unknown-variable', /unrecognized environment variable (?<name>\S+)/],
  ['bad-value', /(?<name>ETCD_\w+): unbound variable/],
  ['shadowed', /shadowed by corresponding (?:command-line )?flag/],
  [
    'bad-flag',
    /flag provided but not defined: (?<flag>\S+)|unknown flag: (?<other>\S+)|is not a valid flag/,
  ],
  [
    'bad-value',
    /invalid value|error verifying flags|selfSignedCertValidity is invalid|cannot unmarshal|mutually exclusive|expected IP in URL/,
  ],
  [
    'config-file-wins',
    /Other configuration command line flags and environment variables will be ignored|other configuration command line flags and environment variables will be ignored/,
  ],
  [
    'old-client',
    /No help topic for|unknown command "?[\w-]+"? for "?etcdctl|unknown command "?(?:member|put|get|endpoint)|flag provided but not defined: -(?:cacert|cert|key)\b|API version: 2\b/,
  ],
  // The client for version 2 wraps the reason of each endpoint in these words.
  ['version-2-client', /cluster is unavailable or misconfigured|--ca-file/],
  [
    'urls-differ',
    /has different advertised URLs|advertised? (?:client |peer )?URLs .*do not match|is missing in the provided initial cluster|should be (?:in|part of) .*initial-cluster/i,
  ],
  [
    'stored-url',
    /Found \[[^\]]+\], expect|URL scheme must be http, https|peer (?:url|addr)\S*(?: \w+)* http\b|unmatched member while checking PeerURLs/i,
  ],
  [
    'endpoint-scheme',
    /unsupported protocol scheme|missing port in address|first path segment in URL cannot contain colon/,
  ],
  [
    'peer-unhealthy',
    /prober detected unhealthy status|health check for peer \S+ could not connect|failed to dial|failed to reach the peer ?URL|failed to get version|cannot get the version of member|could not get cluster response from|lost TCP streaming/,
  ],
  ['stream-lost', /lost (?:the )?TCP streaming|failed to (?:read|write|heartbeat) \S+ on stream/],
  ['gateway-dial', /addrConn\.createTransport|grpc: addrConn|; please retry|Subchannel/],
];
