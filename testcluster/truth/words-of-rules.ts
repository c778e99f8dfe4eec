import { isRefusalRule, type RefusalRule, type Rule } from '../../src/model/refusal.ts';

/**
 * By rule, what etcd, Go or a client prints when it refuses by that rule. Written from their sources and
 * logs, not from the forecast: it is how a run checks whether the forecast names the right rule.
 */
const wordsOfRules = {
  'x509.unknown-authority': /signed by unknown authority|unknown certificate authority/,
  'x509.same-name-other-key': /signed by unknown authority|unknown certificate authority/,
  'x509.missing-intermediate': /signed by unknown authority|unknown certificate authority/,
  'x509.system-roots': /signed by unknown authority|unknown certificate authority/,
  'x509.issuer-not-an-authority':
    /signed by unknown authority|cannot sign this kind|not authorized to sign other|invalid signature/,
  'x509.insecure-signature': /insecure algorithm/,
  'x509.not-yet-valid': /has expired or is not yet valid/,
  'x509.expired': /has expired or is not yet valid|expired certificate/,
  'x509.common-name-only': /certificate relies on legacy Common Name field/,
  'x509.host-name': /x509: certificate is (?:not )?valid for |doesn't contain any IP SANs/,
  'x509.key-usage': /incompatible key usage/,
  'x509.path-length': /path length|too many intermediates/,
  'x509.name-constraints': /not authorized to sign for this name|name constraint|unhandled/,
  'x509.critical-extension': /unhandled critical extension/,
  'x509.malformed':
    /failed to parse (?:client )?certificate|decoding message|asn1|malformed|cannot parse|negative serial/,
  'x509.unparsable': /x509:|asn1:|failed to parse/,
  'x509.unsupported-curve': /unsupported elliptic curve|unsupported curve/,
  'file.missing': /no such file or directory/,
  'file.permission-denied': /open \S+: permission denied/,
  'file.unreadable': /is a directory|no such file|not a directory|input\/output/,
  'tls.key-of-another-certificate': /private key does not match public key/,
  'tls.key-of-another-type': /private key type does not match public key type/,
  'tls.unusable-key': /failed to parse private key|failed to find any PEM data in key|PRIVATE KEY/,
  'tls.swapped-files':
    /failed to find (?:certificate PEM data|PEM block|"CERTIFICATE" PEM block)|but got a (?:private key|certificate)|found a certificate rather than a key/,
  'tls.no-pem': /failed to find any PEM data|could not parse CACertificate|no PEM|failed to find/,
  'tls.no-client-certificate':
    /client didn't provide a certificate|certificate required|bad certificate|handshake failure/,
  'tls.certificate-left-out':
    /client didn't provide a certificate|certificate required|bad certificate|handshake failure/,
  'tls.plaintext-to-tls':
    /first record does not look like a TLS handshake|HTTP request to an HTTPS|EOF|malformed HTTP|GoAway|server preface|http2/i,
  'tls.tls-to-plaintext':
    /first record does not look like a TLS handshake|EOF|HTTP response to HTTPS|oversized record/,
  'network.nothing-listens': /connection refused/,
  'tls.no-common-version': /unsupported versions|protocol version|no supported versions/,
  'tls.no-common-suite':
    /no cipher suite supported|handshake failure|unsupported HTTP\/2 cipher|INADEQUATE_SECURITY|GoAway/,
  'tls.unsupported-curve':
    /unsupported certificate curve|illegal parameter|handshake failure|invalid signature by the (?:client|server)|P-224/,
  'tls.oversized-key': /certificate containing RSA key larger than 8192 bits/,
  'etcd.peer-san':
    /x509: certificate is valid for|does not match any of DNSNames|no client SAN|tls: ".*" does not match|tls: client certificate/,
  'etcd.name-not-allowed': /(?:client certificate|CommonName) authentication failed/,
  'etcd.revoked': /certificate serial .*revoked|is revoked/,
  'etcd.crl-unreadable': /no such file|a directory|parse|asn1|crl|CRL/,
  'etcd.half-pair':
    /both present and not|must both|KeyFile and CertFile|key and cert|--cert and --key|certificate and key/i,
  'etcd.ca-file-unparsable': /x509:|asn1:/,
  'etcd.generated-certificate': /unknown authority|is valid for|any IP SANs/,
  'endpoint.blanks': /too many colons in address/,
  'endpoint.malformed': /missing port in address|too many colons in address|missing address/,
  // A peer port has a certificate of another CA; one of the same CA hangs up in silence, which shows no rule.
  'endpoint.no-member': /x509: certificate signed by unknown authority/,
  'openssl.weak-key': /key too (?:small|weak)|EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL/,
  'tls.key-too-small': /too small|insecure|handshake failure|internal error/,
  'tls.suite-refused-by-http2': /GOAWAY INADEQUATE_SECURITY: Prohibited TLS 1.2 Cipher Suite/,
  'x509.authority-key-too-small': /crypto\/rsa: \d+-bit keys are insecure/,
  'x509.name-mismatch': /issuer name does not match subject from issuing certificate/,
  'x509.policies': /invalid policies/,
  'x509.signature-limit': /signature check attempts/,
  // Only ever doubts: no connection is refused for these.
  'etcd.cut-off': /^$/,
  'file.not-given': /^$/,
  'etcd.refused-at-start': /^$/,
} as const satisfies Readonly<Record<RefusalRule, RegExp>>;

/** Every reason that etcd has to end while it starts; which one, the predicted text decides. */
const refusedAtStart: Rule = 'etcd.refused-at-start';

/** Whether these words can come of that rule. A rule that the table does not know is never confirmed. */
export function isRuleOf(rule: Rule, words: readonly string[], hasEnded: boolean): boolean {
  if (rule === refusedAtStart) return hasEnded;
  return isRefusalRule(rule) && words.some((line) => wordsOfRules[rule].test(line));
}
