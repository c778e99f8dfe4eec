import type { Wording } from './signal.ts';

/** A certificate was judged by the side that writes: Go, OpenSSL, Python, Java, Node and rustls wordings. */
export const verificationWordings: readonly Wording[] = [
  // Go crypto/tls before 1.20 said "client's certificate" and "client certificate".
  ['verification-by-server', /failed to verify client(?:'s)? certificate/],
  ['no-certificate-shown', /client didn'?t provide a certificate/],
  [
    'no-certificate-shown',
    /peer did not return a certificate|no client certificate (?:sent|presented)|client sent no required SSL certificate|NSS: client certificate not found/i,
  ],
  ['candidate-authority', /candidate authority certificate "(?<authority>[^"]{0,999})"/],
  // rustls and, further below, Java: a CA of that name is trusted, and another key signed.
  [
    'candidate-authority',
    /invalid peer certificate: BadSignature|InvalidCertificate\(BadSignature/,
  ],
  // Cut off: no other of Go's texts goes on like that.
  ['candidate-authority', /unknown authority \(possibly because of/],
  [
    'insecure-algorithm',
    /insecure algorithm (?<algorithm>[\w-]{1,255})|\d{3,5}-bit keys are insecure/,
  ],
  [
    'insecure-algorithm',
    /(?:ca|ee) (?:md|key) too (?:weak|small)|signature digest algorithm too weak|certificate key too weak/i,
  ],
  [
    'cannot-sign',
    /parent certificate cannot sign this kind of certificate|not authorized to sign other certificates/,
  ],
  ['no-system-roots', /failed to load system roots and no roots provided/],
  ['unknown-authority', /certificate signed by unknown authority/],
  ['unknown-authority', /(?<!alert[:,]? )(?<!alert read:\w{1,9}:)unknown (?:CA|authority)\b/],
  [
    'unknown-authority',
    /PKIX path building failed|unable to find valid certification path|trust ?anchors/,
  ],
  ['unknown-authority', /UnknownIssuer|invalid peer certificate: UnknownIssuer/],
  [
    'unknown-authority',
    /SEC_ERROR_(?:UNKNOWN|UNTRUSTED)_ISSUER|issuer is not recognized|marked as not trusted|untrusted CA/,
  ],
  [
    'self-signed',
    /self[- ]signed certificate|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|verify error:num=1[89]/i,
  ],
  [
    'issuer-not-found',
    /unable to get (?:local )?issuer certificate|UNABLE_TO_GET_ISSUER_CERT|unable to verify the first certificate|UNABLE_TO_VERIFY_LEAF_SIGNATURE|verify error:num=2[01]?\b/i,
  ],
  ['issuer-not-found', /doesn.t have a known issuer|certificate issuer is unknown/],
  // The general words alone: OpenSSL has the reason in `verify error`, GnuTLS in `Status`, and not every program prints it.
  [
    'verification-failed',
    /CERTIFICATE_VERIFY_FAILED|certificate verify failed|remote certificate is invalid according to the validation procedure(?!:)|server certificate (?:verification )?failed|Fatal error: Error in the certificate|certificate of .{1,255} is not trusted|invalid peer certificate: |SSL client (?:certificate not trusted|CA chain cannot be verified)/i,
  ],
  [
    'no-ip-names',
    /validate certificate for (?<wanted>\S{1,255}) because it doesn't contain any IP SANs/,
  ],
  ['no-ip-names', /(?:does not|doesn't) contain any IP SANs/],
  // What follows a host, as `: ` in front of another field, is no part of it; `::` may end an address.
  [
    'host-not-in-names',
    /\bvalid for (?<names>.{1,2000}?), not (?<wanted>\[[^\]\s]{1,99}\]|[^\s",)`[\]]{1,255}?)(?=(?:(?<!:):|[.;\]])?(?:[\s",)`]|$))/,
  ],
  // A certificate with more names than a line can be read for.
  ['host-not-in-names', /x509: certificate is valid for /],
  [
    'host-not-in-names',
    /certificate is not valid for any names, but wanted to match (?<wanted>\[[^\]\s]{1,99}\]|[^\s",)[\]]{1,255}?)(?=(?:(?<!:):|[.;\]])?(?:[\s",)`]|$))/,
  ],
  [
    'host-not-in-names',
    /no alternative certificate subject name matches target host ?name '(?<wanted>[^']{1,255})'/,
  ],
  [
    'host-not-in-names',
    /(?:Hostname|IP address) mismatch, certificate is not valid for '(?<wanted>[^']{1,255})'/,
  ],
  // OpenSSL by itself (X509_V_ERR_HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH) has no value to print.
  [
    'host-not-in-names',
    /verify error:num=6[24]\b|(?:verify failed|verification error|error:num=\d{1,3}): ?\(?(?:hostname|IP address) mismatch|verify failed \((?:hostname|IP address) mismatch/i,
  ],
  [
    'host-not-in-names',
    /certificate subject name '(?<names>[^']{1,255})' does not match target host ?name '(?<wanted>[^']{1,255})'/,
  ],
  [
    'host-not-in-names',
    /commonName does not match hostname "(?<wanted>[^"]{1,255})"|name in the certificate does not match the expected|CERT: Subject checks failed|presented an SSL certificate different from the configured one|Bad cert ident \S{1,255} from (?<host>[^\s:]{1,255})/,
  ],
  [
    'host-not-in-names',
    /hostname '?(?<wanted>[^'\s]{1,255})'? doesn'?t match (?:either of )?(?<names>.{1,255})/,
  ],
  [
    'host-not-in-names',
    /No (?:subject alternative (?:DNS )?names?|name) matching (?:IP address )?(?<wanted>.{1,999}?) found/,
  ],
  [
    'host-not-in-names',
    /ERR_TLS_CERT_ALTNAME_INVALID|Hostname\/IP does not match certificate's altnames/,
  ],
  [
    'host-not-in-names',
    /certificate (?:host ?name )?(?:host|name|hostname) mismatch|NotValidForName|Certificate for <?(?<wanted>[^>\s]{1,255})>? doesn'?t match/i,
  ],
  // .NET and nginx
  [
    'unknown-authority',
    /certificate chain: .{0,60}(?:UntrustedRoot|PartialChain)|RemoteCertificateChainErrors/,
  ],
  [
    'host-not-in-names',
    /RemoteCertificateNameMismatch|upstream SSL certificate does not match "(?<wanted>[^"]{1,255})"/,
  ],
  ['outside-validity', /certificate chain: .{0,60}NotTimeValid/],
  // Java: the CA of that name is trusted, and another key signed.
  ['candidate-authority', /CertPathValidatorException: signature check failed/],
  // gRPC's C library and GnuTLS
  [
    'host-not-in-names',
    /Hostname Verification Check failed|Peer name (?<wanted>\S{1,255}) is not in peer certificate|owner does not match host ?name .(?<host>[^'’\s]{1,255})/,
  ],
  // Log lines are cut off at times, and these words begin no other of Go's texts.
  ['no-ip-names', /x509: cannot validate certific/],
  ['no-ip-names', /No subject alternative names present/],
  [
    'host-not-in-names',
    /SSL_ERROR_BAD_CERT_DOMAIN|(?:SANs?|host ?names?|names?) in the \w{0,99} ?certificate do(?:es)? not (?:include|contain|match)|certificate has the IP-?SAN|SAN for the certificate \S{1,255} does not include/i,
  ],
  ['common-name-only', /legacy Common Name/],
  ['wrong-usage', /incompatible key usage/],
  [
    'wrong-usage',
    /unsupported certificate purpose|INVALID_PURPOSE|Extended key usage does not permit|unsuitable certificate purpose|does not match the intended purpose|does not allow extended key usage|verify error:num=26/i,
  ],
  [
    'not-yet-valid',
    /current time (?<now>\S{1,255}) is before (?<limit>[^\s"\\)\]]{1,255}?)(?=[.:,;\]]?(?:[\s"\\)]|$))/,
  ],
  [
    'not-yet-valid',
    /certificate (?:is )?not (?:yet valid|valid yet)|CERT_NOT_YET_VALID|CertificateNotYetValid|invalid peer certificate: NotValidYet|is not yet activated|uses not yet valid certificate|verify error:num=9\b/i,
  ],
  [
    'expired',
    /current time (?<now>\S{1,255}) is after (?<limit>[^\s"\\)\]]{1,255}?)(?=[.:,;\]]?(?:[\s"\\)]|$))/,
  ],
  [
    'expired',
    /certificate has expired(?! or is not yet valid)|CERT_HAS_EXPIRED|(?<!alert: |AlertReceived\()CertificateExpired|invalid peer certificate: (?:certificate )?expired|verify error:num=10\b|Verify return code: 10\b/i,
  ],
  [
    'expired',
    /SEC_ERROR_EXPIRED_(?:ISSUER_)?CERTIFICATE|\b(?:on|of|with|by) (?:an )?expired certificates?|(?:certificates?|\.crt|\.pem) ha(?:s|ve) expired(?! or)|dates? lies? in the past|certificate chain uses expired certificate/,
  ],
  [
    'outside-validity',
    /has expired or is not yet valid|PKIX path validation failed.{0,99}(?:validity|timestamp) check failed|CertPathValidatorException: (?:validity|timestamp) check failed/,
  ],
  ['name-constraint', /not authorized to sign for this name: (?<detail>.{1,255})/],
  ['name-constraint', /permitted subtree violation|excluded subtree violation/i],
  [
    'path-length',
    // `pathlen:0` alone is what every listing of a CA has.
    /too many intermediates for path length constraint|path length constraint exceeded|verify error:num=25\b|\bhas path ?len(?:gth)? \d/i,
  ],
  [
    'peer-name-mismatch',
    / does not match any of DNSNames(?<=(?<address>[^"\s\\]{0,255})\\?"? does not match any of DNSNames)(?: \[(?<names>.{0,999}?)\])?/,
  ],
  ['peer-name-mismatch', /not match(?:ing)? any of the DNS ?names/i],
  [
    'lookup-failed',
    /\(?lookup (?<name>[^\s:]{1,255})(?: on (?<resolver>\S{1,255}))?: (?<reason>no such host|[^)"]{1,255})/,
  ],
  ['allowed-name', /client certificate authentication failed|CommonName authentication failed/],
  ['revoked', /certificate serial (?<serial>[0-9a-fA-F]{1,255}) revoked|certificate revoked/],
  ['crl-unreadable', /malformed crl|unsupported crl version|CertificateList/],
];
