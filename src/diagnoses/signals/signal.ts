/** Something that a text says about a connection, in whichever words its program has for it. */
export interface Signal {
  readonly id: SignalId;
  /** What was captured, e.g. `wanted`, `names`, `alert`. Hostile text. */
  readonly values: Readonly<Record<string, string>>;
}

export type SignalId =
  | 'no-certificate-shown'
  | 'verification-by-server'
  | 'unknown-authority'
  | 'candidate-authority'
  | 'insecure-algorithm'
  | 'cannot-sign'
  | 'self-signed'
  | 'issuer-not-found'
  | 'verification-failed'
  | 'no-system-roots'
  | 'host-not-in-names'
  | 'no-ip-names'
  | 'common-name-only'
  | 'wrong-usage'
  | 'expired'
  | 'not-yet-valid'
  | 'outside-validity'
  | 'name-constraint'
  | 'path-length'
  | 'peer-name-mismatch'
  | 'lookup-failed'
  | 'allowed-name'
  | 'revoked'
  | 'crl-unreadable'
  | 'remote-alert'
  | 'own-alert'
  | 'late-alert'
  | 'bad-record-mac'
  | 'not-tls'
  | 'oversized-record'
  | 'http-got-tls'
  | 'http-got-http2'
  | 'http1-answer'
  | 'tls-got-http'
  | 'tls-ignored-on-http'
  | 'versions'
  | 'no-common-suite'
  | 'no-http2-suite'
  | 'unknown-suite'
  | 'no-alpn'
  | 'tls-version-setting'
  | 'eof'
  | 'stream-lost'
  | 'reset'
  | 'refused'
  | 'no-route'
  | 'timeout'
  | 'connect-timeout'
  | 'deadline'
  | 'handshake-deadline'
  | 'invalid-argument'
  | 'closed-listener'
  | 'name-unknown'
  | 'proxy'
  | 'clock-difference'
  | 'cluster-id'
  | 'user-name-empty'
  | 'permission-denied-by-etcd'
  | 'gateway-common-name'
  | 'proxy-common-name'
  | 'invalid-user'
  | 'file-missing'
  | 'file-unreadable'
  | 'permission-denied'
  | 'file-is-directory'
  | 'certificate-file-unusable'
  | 'pem-malformed'
  | 'pem-swapped'
  | 'key-mismatch'
  | 'key-unparsable'
  | 'asn1'
  | 'certificate-missing'
  | 'unknown-variable'
  | 'shadowed'
  | 'bad-flag'
  | 'bad-value'
  | 'config-file-wins'
  | 'old-client'
  | 'version-2-client'
  | 'urls-differ'
  | 'stored-url'
  | 'quoted-path'
  | 'client-without-alpn'
  | 'empty-answer'
  | 'endpoint-scheme'
  | 'sni-rejected'
  | 'client-closing'
  | 'client-left'
  | 'peer-unhealthy'
  | 'gateway-dial'
  | 'server-certificate-unreadable'
  | 'insecure-serving'
  | 'data-directory-missing'
  | 'path-missing'
  | 'service-link-variable'
  | 'orderly-stop'
  | 'raft-waits'
  | 'rejected'
  | 'ancient-hello'
  | 'context-canceled'
  | 'header-timeout'
  | 'transport-closing'
  | 'raft-log-lost'
  | 'member-removed'
  | 'disk-full'
  | 'slow-disk'
  | 'quota-reached'
  | 'address-in-use'
  | 'address-not-here'
  | 'too-many-files'
  | 'data-damaged'
  | 'reason-hidden'
  | 'no-credentials-given'
  | 'srv-records'
  | 'http-answer'
  | 'handshake-failed';

/** A way of saying it. Named groups become the signal's values. */
export type Wording = readonly [SignalId, RegExp];

/** Everything that a text says, each signal once, in the order of the tables. */
export function signalsIn(text: string, wordings: readonly Wording[]): readonly Signal[] {
  const found = new Map<SignalId, Signal>();
  for (const [id, pattern] of wordings) {
    const match = found.has(id) ? null : pattern.exec(text);
    if (match !== null) found.set(id, { id, values: valuesOf(match) });
  }
  return [...found.values()];
}

function valuesOf(match: RegExpExecArray): Readonly<Record<string, string>> {
  // The groups of alternatives that did not match are undefined, whatever the library's types say.
  const groups: [string, string | undefined][] = Object.entries(match.groups ?? {});
  return Object.fromEntries(
    groups.flatMap(([name, value]) => (value === undefined ? [] : [[name, value.trim()]])),
  );
}
