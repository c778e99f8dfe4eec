import { explainAny } from './asn1-words.ts';
import { contextTag, DerReader, type Element, tag } from './der-reader.ts';
import { decodeIa5 } from './distinguished-name.ts';
import { isDomainName } from './domain-name.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { quote, toGoString } from './go-text.ts';
import { isMapped } from './ip-address.ts';
import { Malformed, malformed } from './malformed.ts';
import { parseUri, type Uri } from './uri.ts';

/** The names of a subjectAltName, of the kinds that Go knows. */
export interface AltNames {
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly ipAddresses: readonly Uint8Array[];
  readonly uris: readonly Uri[];
  readonly otherNames: number;
  /** In the order of the extension, which is the order in which Go checks constraints until 1.25. */
  readonly ordered: readonly AltName[];
}

export type AltName =
  | { readonly kind: 'email' | 'dns'; readonly text: string }
  | { readonly kind: 'uri'; readonly uri: Uri }
  | { readonly kind: 'ip'; readonly address: Uint8Array };

/** Whether there is a name of a kind that Go knows. */
export function hasNames({ dnsNames, emailAddresses, ipAddresses, uris }: AltNames): boolean {
  return dnsNames.length + emailAddresses.length + ipAddresses.length + uris.length > 0;
}

export function readSubjectAltName(value: Uint8Array, go: GoRelease): AltNames {
  const names = new DerReader(value).enter(tag.sequence);
  if (names === undefined) {
    throw malformed(go, 'x509: invalid subject alternative names', () => explainAny(value));
  }

  const ordered: AltName[] = [];
  let otherNames = 0;
  while (!names.isEmpty) {
    const name = names.element();
    if (name === undefined) throw new Malformed('x509: invalid subject alternative name');
    const known = readName(name, go);
    if (known === undefined) otherNames += 1;
    else ordered.push(known);
  }
  return { ...sort(ordered), otherNames, ordered };
}

function sort(ordered: readonly AltName[]): Omit<AltNames, 'otherNames' | 'ordered'> {
  const texts = (kind: 'email' | 'dns'): readonly string[] =>
    ordered.flatMap((name) => (name.kind === kind ? [name.text] : []));
  return {
    dnsNames: texts('dns'),
    emailAddresses: texts('email'),
    ipAddresses: ordered.flatMap((name) => (name.kind === 'ip' ? [name.address] : [])),
    uris: ordered.flatMap((name) => (name.kind === 'uri' ? [name.uri] : [])),
  };
}

function readName({ tag: kind, content }: Element, go: GoRelease): AltName | undefined {
  switch (kind) {
    case contextTag(1):
      return { kind: 'email', text: ia5(content, 'rfc822Name', go) };
    case contextTag(2):
      return { kind: 'dns', text: ia5(content, 'dNSName', go) };
    case contextTag(6):
      return { kind: 'uri', uri: readUri(ia5(content, 'uniformResourceIdentifier', go), go) };
    case contextTag(7):
      return { kind: 'ip', address: checkAddress(content, go) };
    default:
      return undefined;
  }
}

/** Any bytes would do until 1.15. */
function ia5(content: Uint8Array, kind: string, go: GoRelease): string {
  const text = decodeIa5(content) ?? (isSince(go, 16) ? undefined : toGoString(content));
  if (text === undefined) throw new Malformed(`x509: SAN ${kind} is malformed`);
  return text;
}

function readUri(text: string, go: GoRelease): Uri {
  const uri = parseUri(text, go);
  if ('error' in uri) throw new Malformed(`x509: cannot parse URI ${quote(text)}: ${uri.error}`);
  if (!isDomainName(uri.host, 'name', go)) {
    throw new Malformed(`x509: cannot parse URI ${quote(text)}: invalid domain`);
  }
  return uri;
}

function checkAddress(content: Uint8Array, go: GoRelease): Uint8Array {
  if (content.length !== 4 && content.length !== 16) {
    throw new Malformed(`x509: cannot parse IP address of length ${content.length}`);
  }
  if (isMapped(content) && isSince(go, 27)) {
    throw new Malformed('x509: SAN iPAddress contains IPv4-mapped IPv6 address');
  }
  return content;
}
