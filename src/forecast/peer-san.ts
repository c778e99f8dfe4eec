import { quoteAll } from '../etcd/go-text.ts';
import type { Certificate } from '../model/certificate.ts';
import type { GoRelease } from '../pki/go-release.ts';
import { quote } from '../pki/go-text.ts';
import { verifyHostName } from '../pki/host-name.ts';

/** From where a peer connects, and what the operator said that DNS answers for it. */
export interface Source {
  readonly addresses: readonly string[];
  /** A proxy on the way, whose address is what the listener sees. */
  readonly proxy?: string;
  /** PTR answers by address. */
  readonly reverseNames: Readonly<Record<string, readonly string[]>>;
  /** Forward answers by name. */
  readonly forwardAddresses: Readonly<Record<string, readonly string[]>>;
}

export type SourceVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'depends'; readonly on: readonly string[] };

/**
 * etcd's checkCertSAN (client/pkg/transport/listener_tls.go): whether the names in a peer's
 * certificate cover the address that it dials from. Only the certificate shown first is looked at.
 */
export function judgeSource(
  certificate: Certificate,
  source: Source,
  go: GoRelease,
): SourceVerdict {
  const { ipAddresses = [], dnsNames = [] } = certificate.subjectAltName ?? {};
  // URI and e-mail names do not count: a certificate with none but those passes unseen.
  if (ipAddresses.length === 0 && dnsNames.length === 0) return { kind: 'accepted' };

  const { addresses, proxy } = source;
  if (proxy !== undefined) {
    return { kind: 'depends', on: [`the source address of the proxy ${proxy}`] };
  }
  const verdicts = addresses.map((address) => judgeAddress(certificate, address, source, go));
  const [first] = verdicts;
  if (first === undefined) {
    return { kind: 'depends', on: ['the source address of the connection, which is not known'] };
  }
  if (verdicts.every(({ kind }) => kind === first.kind)) return first;

  const good = addresses.filter((_, index) => verdicts[index]?.kind === 'accepted');
  const bad = addresses.filter((_, index) => verdicts[index]?.kind !== 'accepted');
  return {
    kind: 'depends',
    on: [`connecting from ${good.join(', ') || 'another address'}, not from ${bad.join(', ')}`],
  };
}

function judgeAddress(
  certificate: Certificate,
  address: string,
  source: Source,
  go: GoRelease,
): SourceVerdict {
  const { ipAddresses = [], dnsNames = [] } = certificate.subjectAltName ?? {};
  if (ipAddresses.length > 0) {
    const error = verifyHostName(certificate, address, go);
    if (error === undefined) return { kind: 'accepted' };
    if (dnsNames.length === 0) return { kind: 'refused', text: error };
  }
  return judgeByDns(address, dnsNames, source);
}

/** Reverse lookup against every name, then forward lookup of those without a wildcard. */
function judgeByDns(
  address: string,
  dnsNames: readonly string[],
  { reverseNames, forwardAddresses }: Source,
): SourceVerdict {
  const exact = dnsNames.filter((name) => !name.startsWith('*.'));
  const suffixes = dnsNames.filter((name) => name.startsWith('*.')).map((name) => name.slice(1));
  const reverse = reverseNames[address]?.map((name) => name.replace(/\.$/, ''));
  const forward = { ...everywhere, ...forwardAddresses };

  // Case matters here, and a wildcard covers any number of labels.
  const isKnownByReverse = reverse?.some(
    (name) => suffixes.some((suffix) => name.endsWith(suffix)) || exact.includes(name),
  );
  const isKnownByForward = exact.some((name) => forward[name]?.includes(address));
  if (isKnownByReverse === true || isKnownByForward) return { kind: 'accepted' };

  const questions = [
    ...(reverse === undefined ? reverseQuestion(address, dnsNames) : []),
    ...exact
      .filter((name) => forward[name] === undefined)
      .map((name) => `${name} resolving to ${address}`),
  ];
  if (questions.length > 0) return { kind: 'depends', on: [`DNS: ${questions.join(', or ')}`] };
  return {
    kind: 'refused',
    text: `tls: ${quote(address)} does not match any of DNSNames ${quoteAll(dnsNames)}`,
  };
}

/** What every host answers by itself (RFC 6761 6.3). */
const everywhere: Source['forwardAddresses'] = { localhost: ['127.0.0.1', '::1'] };

function reverseQuestion(address: string, dnsNames: readonly string[]): readonly string[] {
  const askable = dnsNames.filter((name) => everywhere[name] === undefined);
  return askable.length === 0
    ? []
    : [`the PTR record of ${address} naming ${askable.join(' or ')}`];
}
