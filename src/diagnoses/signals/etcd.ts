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
    /invalid user name|invalid auth token|authentication is not enabled|authentication failed, invalid user ID or password/,
  ],
  ['gateway-common-name', /CommonName of client sending a request against gateway/],
  ['proxy-common-name', /cert has non empty Common Name/],
  [
    'file-missing',
    /open (?<file>\S+): no such file or directory|FileNotFoundError|ENOENT|could not (?:find|load) .*(?:cert|key)|certificate file .*(?:missing|not found)|(?:member|server|peer|node|CA) (?:cert|certificate|key)s? (?:is |are |file )?missing/i,
  ],
  [
    'file-unreadable',
    /open (?<file>\S+): permission denied|EACCES|AVC|AppArmor|permission denied on (?:a |the )?\S* ?\S* ?file/,
  ],
  ['permission-denied', /(?<!etcdserver: )permission denied/i],
  ['file-is-directory', /read (?<file>\S+): is a directory/],
  ['pem-swapped', /PEM inputs may have been switched|found a certificate rather than a key/],
  [
    'pem-malformed',
    /failed to find (?:any PEM data|certificate PEM data|"?CERTIFICATE"? PEM block)|no certificate(?:s)? found in|PEM lib|no start line|bad end line|could not parse .*PEM|certificate could not be parsed/i,
  ],
  [
    'key-mismatch',
    /private key (?:type )?does not match public key|key values mismatch|X509_check_private_key/,
  ],
  [
    'key-unparsable',
    /failed to parse private key|bad decrypt|unsupported private key|encrypted private key/i,
  ],
  [
    'asn1',
    /asn1: |malformed (?:tbs )?certificate|malformed validity|x509: trailing data|x509: negative serial/,
  ],
  [
    'certificate-missing',
    /KeyFile and CertFile (?:are not presented|must both be present)|TLS key\/cert .* must be provided|must (?:be provided|provide).*(?:cert|key)-file/,
  ],
  ['server-certificate-unreadable', /failed to (?:find|create) (?:peer|client|server) cert/],
  ['unknown-variable', /unrecognized environment variable (?<name>\S+)/],
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
    /No help topic for|unknown command "?(?:member|put|get|endpoint)|cluster is unavailable or misconfigured|--ca-file|flag provided but not defined: -(?:cacert|cert|key)\b/,
  ],
  [
    'endpoint-scheme',
    /unsupported protocol scheme|missing port in address|first path segment in URL cannot contain colon/,
  ],
  [
    'peer-unhealthy',
    /prober detected unhealthy status|health check for peer \S+ could not connect|failed to dial|failed to reach the peerURL|lost TCP streaming/,
  ],
  ['stream-lost', /lost (?:the )?TCP streaming|failed to read \S+ on stream/],
  ['gateway-dial', /addrConn\.createTransport|grpc: addrConn|; please retry|Subchannel/],
];
