import type { DistinguishedName } from '../model/certificate.ts';
import { toHex, toLatin1 } from './bytes.ts';
import { DerReader, type Element, tag } from './der-reader.ts';
import { decodeUtf8, toGoString } from './go-text.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { Malformed } from './malformed.ts';
import { encode } from './write-der.ts';
import { readTime } from './asn1-time.ts';

/** One attribute; `text` is absent where the value is of a type that is no string. */
interface Attribute {
  readonly type: string;
  readonly text?: string;
  readonly whole: Uint8Array;
}

/** Reads a Name with its identifier octets. */
export function parseName(whole: Uint8Array, go: GoRelease): DistinguishedName {
  return readName(whole, toHex(whole), go);
}

function readName(whole: Uint8Array, raw: string, go: GoRelease): DistinguishedName {
  const attributes = readAttributes(whole, go);
  const commonName = attributes.findLast(
    ({ type, text }) => type === '2.5.4.3' && text !== undefined,
  )?.text;
  return {
    text: print(attributes),
    ...(commonName !== undefined && { commonName }),
    organization: attributes.flatMap(({ type, text }) =>
      type === '2.5.4.10' && text !== undefined ? [text] : [],
    ),
    raw,
  };
}

function readAttributes(whole: Uint8Array, go: GoRelease): readonly Attribute[] {
  const names = new DerReader(whole, () => !isSince(go, 21)).enter(tag.sequence);
  if (names === undefined) throw new Malformed('x509: invalid RDNSequence');
  const attributes: Attribute[] = [];
  while (!names.isEmpty) {
    const set = names.enter(tag.set);
    if (set === undefined) throw new Malformed('x509: invalid RDNSequence');
    while (!set.isEmpty) attributes.push(readAttribute(set, go));
  }
  return attributes;
}

function readAttribute(set: DerReader, go: GoRelease): Attribute {
  const attribute = set.enter(tag.sequence);
  if (attribute === undefined) throw new Malformed('x509: invalid RDNSequence: invalid attribute');
  const type = attribute.objectIdentifier();
  if (type === undefined) {
    throw new Malformed('x509: invalid RDNSequence: invalid attribute type');
  }
  const value = attribute.element();
  if (value === undefined) {
    const detail = isSince(go, 27) ? ': invalid ASN.1 element' : '';
    throw new Malformed(`x509: invalid RDNSequence: invalid attribute value${detail}`);
  }
  const text = readValue(value, go);
  return { type, whole: value.whole, ...(text !== undefined && { text }) };
}

/** Undefined for the types that Go accepts until 1.16, and since 1.27, in addition to strings. */
function readValue(value: Element, go: GoRelease): string | undefined {
  const decode = decoders.get(value.tag);
  if (decode !== undefined) {
    const text = decode(value.content, go);
    if (text !== undefined) return text;
    if (value.tag === tag.bmpString && go.parser === 'encoding-asn1') return oddBmpString(go);
    return refuse(`invalid ${stringNames.get(value.tag)}`);
  }
  if (go.parser === 'encoding-asn1') return undefined;
  if (!isSince(go, 27)) return refuse(`unsupported string type: ${value.tag}`);
  const complaint = complainOfOther(value, go);
  return complaint === undefined ? undefined : refuse(complaint);
}

/** Until 1.13 Go kept its octets. */
function oddBmpString(go: GoRelease): undefined {
  if (isSince(go, 14)) throw new Malformed('pkcs12: odd-length BMP string');
}

function refuse(complaint: string): never {
  throw new Malformed(`x509: invalid RDNSequence: invalid attribute value: ${complaint}`);
}

const stringNames: ReadonlyMap<number, string> = new Map([
  [tag.printableString, 'PrintableString'],
  [tag.utf8String, 'UTF-8 string'],
  [tag.bmpString, 'BMPString'],
  [tag.ia5String, 'IA5String'],
  [tag.numericString, 'NumericString'],
]);

type Decode = (content: Uint8Array, go: GoRelease) => string | undefined;

/** Go takes `*` and `&` in a PrintableString because certificates have them. */
const printable = /^[A-Za-z0-9'()+,\-./ :=?*&]*$/;

const decoders: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [tag.printableString, (content) => matching(content, printable)],
  [tag.utf8String, (content) => decodeUtf8(content)],
  [tag.ia5String, decodeIa5],
  [tag.numericString, (content) => matching(content, /^[0-9 ]*$/)],
  [tag.bmpString, decodeBmp],
  [tag.t61String, (content, go) => (isSince(go, 25) ? toLatin1(content) : toGoString(content))],
]);

function matching(content: Uint8Array, pattern: RegExp): string | undefined {
  const text = toLatin1(content);
  return pattern.test(text) ? text : undefined;
}

/** ASCII; undefined for anything else. */
export function decodeIa5(content: Uint8Array): string | undefined {
  for (const byte of content) if (byte > 0x7f) return undefined;
  return toLatin1(content);
}

function decodeBmp(content: Uint8Array, go: GoRelease): string | undefined {
  if (content.length % 2 !== 0) return undefined;
  const points: number[] = [];
  for (let index = 0; index < content.length; index += 2) {
    points.push(((content[index] ?? 0) << 8) | (content[index + 1] ?? 0));
  }
  if (points.at(-1) === 0) points.pop();
  if (points.some(isNoCharacter) && isSince(go, 25)) return undefined;
  return points
    .map((point) => String.fromCharCode(point))
    .join('')
    .replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

function isNoCharacter(point: number): boolean {
  return point >= 0xfffe || (point >= 0xfdd0 && point <= 0xfdef) || (point & 0xf800) === 0xd800;
}

function complainOfOther(value: Element, go: GoRelease): string | undefined {
  const reader = new DerReader(value.whole);
  if (value.tag === tag.utcTime || value.tag === tag.generalizedTime) {
    const time = readTime(reader, go);
    return typeof time === 'string' ? time : undefined;
  }
  const [read, name] = otherReaders.get(value.tag) ?? [];
  return read?.(reader) === undefined && name !== undefined ? `invalid ASN.1 ${name}` : undefined;
}

const otherReaders: ReadonlyMap<number, readonly [(reader: DerReader) => unknown, string]> =
  new Map([
    [tag.integer, [(reader: DerReader) => reader.int64(), 'integer']],
    [tag.bitString, [(reader: DerReader) => reader.bitString(), 'BIT STRING']],
    [tag.objectIdentifier, [(reader: DerReader) => reader.objectIdentifier(), 'OBJECT IDENTIFIER']],
    [tag.boolean, [(reader: DerReader) => reader.boolean(), 'BOOLEAN']],
  ]);

/** How pkix.Name prints the attributes that it knows, in its order. */
const shown: readonly (readonly [type: string, label: string, single?: true])[] = [
  ['2.5.4.5', 'SERIALNUMBER', true],
  ['2.5.4.3', 'CN', true],
  ['2.5.4.17', 'POSTALCODE'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.7', 'L'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.10', 'O'],
  ['2.5.4.6', 'C'],
];
const shownTypes = new Set(shown.map(([type]) => type));

/** pkix.Name.String: what it has fields for, last attributes of one kind first, then everything else. */
function print(attributes: readonly Attribute[]): string {
  const parts = shown.flatMap(([type, label, single]) => {
    const values = attributes.flatMap((attribute) =>
      attribute.type === type && attribute.text !== undefined ? [attribute.text] : [],
    );
    const kept = single === true ? values.slice(-1).filter((value) => value !== '') : values;
    return kept.length === 0
      ? []
      : [kept.map((value) => `${label}=${escapeValue(value)}`).join('+')];
  });
  const others = attributes.filter(({ type }) => !shownTypes.has(type)).toReversed();
  return [...parts, ...others.map(printOther)].join(',');
}

/** In hex, re-encoded: Go knows two types of string only when it writes. */
function printOther({ type, text, whole }: Attribute): string {
  return `${type}=#${text === undefined ? toHex(whole) : encodeString(text)}`;
}

function encodeString(text: string): string {
  const identifier = /^[A-Za-z0-9'()+,\-./ :=?]*$/.test(text)
    ? tag.printableString
    : tag.utf8String;
  return toHex(encode(identifier, [Buffer.from(text)]));
}

/** RFC 2253 as Go writes it. */
function escapeValue(value: string): string {
  return value.replaceAll(/^[ #]| $|[,+"\\<>;]/g, String.raw`\$&`);
}
