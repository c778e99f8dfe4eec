import { type GoRelease, isSince } from './go-release.ts';
import { quote } from './go-text.ts';

/** Go's net.ParseIP: four or sixteen bytes; a mapped address has four. Undefined for what it refuses. */
export function parseIpAddress(text: string, go: GoRelease): Uint8Array | undefined {
  const address = parseAddress(text, go);
  if ('error' in address || address.zone !== '') return undefined;
  return shorten(address.bytes);
}

type Address = { readonly bytes: Uint8Array; readonly zone: string } | { readonly error: string };

/** Go's netip.ParseAddr, errors included. A mapped address keeps its sixteen bytes. */
export function parseAddress(text: string, go: GoRelease): Address {
  const fail = (complaint: Complaint): Address => ({ error: explain(text, complaint) });
  const [mark] = /[.:%]/.exec(text) ?? [];
  if (mark === undefined) return fail({ message: 'unable to parse IP' });
  if (mark === '%') return fail({ message: 'missing IPv6 address' });
  // What follows a percent sign is a zone in IPv6, and a mistake in IPv4.
  const percent = mark === ':' ? text.indexOf('%') : -1;
  const [address, zone] =
    percent < 0 ? [text, ''] : [text.slice(0, percent), text.slice(percent + 1)];
  if (percent >= 0 && zone === '') return fail({ message: 'zone must be a non-empty string' });
  const bytes = mark === '.' ? parseIpv4(text, go) : parseIpv6(address, go);
  return isComplaint(bytes) ? fail(bytes) : { bytes: Uint8Array.from(bytes), zone };
}

function explain(text: string, { message, at }: Complaint): string {
  return `ParseAddr(${quote(text)}): ${message}${at === undefined ? '' : ` (at ${quote(at)})`}`;
}

interface Complaint {
  readonly message: string;
  readonly at?: string;
}

type Bytes = readonly number[] | Complaint;

function isComplaint(bytes: Bytes): bytes is Complaint {
  return 'message' in bytes;
}

function parseIpv4(text: string, go: GoRelease): Bytes {
  const fields: number[] = [];
  let digits = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (/[0-9]/.test(character)) {
      digits += character;
      const fault = findOctetFault(digits, go);
      if (fault !== undefined) return { message: fault };
      continue;
    }
    const at = text.slice(index);
    if (character !== '.') return { message: 'unexpected character', at };
    if (digits === '' || at === '.') {
      return { message: 'IPv4 field must have at least one digit', at };
    }
    if (fields.push(Number(digits)) > 3) return { message: 'IPv4 address too long' };
    digits = '';
  }
  return fields.length < 3 ? { message: 'IPv4 address too short' } : [...fields, Number(digits)];
}

/** Leading zeros are rejected since 1.17, whatever they mean elsewhere. */
function findOctetFault(digits: string, go: GoRelease): string | undefined {
  if (/^0./.test(digits) && isSince(go, 17)) return 'IPv4 field has octet with leading zero';
  return Number(digits) > 255 ? 'IPv4 field has value >255' : undefined;
}

function parseIpv6(text: string, go: GoRelease): Bytes {
  const bytes: number[] = [];
  if (text === '::') return Array<number>(16).fill(0);
  let rest = text.replace(/^::/, '');
  let ellipsis = rest === text ? -1 : 0;
  while (bytes.length < 16) {
    const group = parseGroup(rest, bytes.length, ellipsis, go);
    if ('message' in group) return group;
    bytes.push(...group.bytes);
    rest = group.rest;
    if (group.isLast) break;
    const next = afterColon(rest, ellipsis >= 0);
    if (typeof next !== 'string') return next;
    rest = next.replace(/^:/, '');
    if (next.startsWith(':')) ellipsis = bytes.length;
    if (rest === '') break;
  }
  if (rest !== '') return { message: 'trailing garbage after address', at: rest };
  return expand(bytes, ellipsis);
}

interface Group {
  readonly bytes: readonly number[];
  readonly rest: string;
  readonly isLast: boolean;
}

function parseGroup(
  text: string,
  position: number,
  ellipsis: number,
  go: GoRelease,
): Group | Complaint {
  const [digits = ''] = /^[\da-f]*/i.exec(text) ?? [];
  if (digits.length > 4) {
    return { message: 'each group must have 4 or less digits', at: text };
  }
  if (digits === '') {
    return { message: 'each colon-separated field must have at least one digit', at: text };
  }
  if (text[digits.length] === '.') return parseTrailingIpv4(text, position, ellipsis, go);

  const value = Number.parseInt(digits, 16);
  const rest = text.slice(digits.length);
  return { bytes: [value >> 8, value & 0xff], rest, isLast: rest === '' };
}

function parseTrailingIpv4(
  text: string,
  position: number,
  ellipsis: number,
  go: GoRelease,
): Group | Complaint {
  if (ellipsis < 0 && position !== 12) {
    const message = 'embedded IPv4 address must replace the final 2 fields of the address';
    return { message, at: text };
  }
  if (position > 12) {
    const message = 'too many hex fields to fit an embedded IPv4 at the end of the address';
    return { message, at: text };
  }
  const bytes = parseIpv4(text, go);
  return isComplaint(bytes) ? bytes : { bytes, rest: '', isLast: true };
}

function afterColon(rest: string, hasEllipsis: boolean): string | Complaint {
  if (!rest.startsWith(':')) return { message: 'unexpected character, want colon', at: rest };
  if (rest === ':') return { message: 'colon must be followed by more characters', at: rest };
  if (rest.startsWith('::') && hasEllipsis) {
    return { message: 'multiple :: in address', at: rest.slice(1) };
  }
  return rest.slice(1);
}

function expand(bytes: readonly number[], ellipsis: number): Bytes {
  const missing = 16 - bytes.length;
  if (ellipsis < 0) {
    return missing === 0 ? bytes : { message: 'address string too short' };
  }
  if (missing === 0) {
    return { message: 'the :: must expand to at least one field of zeros' };
  }
  return [...bytes.slice(0, ellipsis), ...Array<number>(missing).fill(0), ...bytes.slice(ellipsis)];
}

/** Go's net.IP.To4: the address inside `::ffff:0:0/96`. */
export function shorten(address: Uint8Array | undefined): Uint8Array | undefined {
  return address !== undefined && isMapped(address) ? address.subarray(12) : address;
}

/** Whether the sixteen bytes hold an IPv4 address. */
export function isMapped(address: Uint8Array): boolean {
  if (address.length !== 16 || address[10] !== 0xff || address[11] !== 0xff) return false;
  return address.subarray(0, 10).every((byte) => byte === 0);
}

/** Go's net.IP.String. */
export function formatIpAddress(address: Uint8Array): string {
  const short = shorten(address) ?? address;
  if (short.length === 4) return short.join('.');
  if (short.length !== 16) return `?${[...address].map(toHexByte).join('')}`;

  const groups = Array.from({ length: 8 }, (_, index) =>
    (((short[index * 2] ?? 0) << 8) | (short[index * 2 + 1] ?? 0)).toString(16),
  );
  const [start, length] = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

function toHexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function longestZeros(groups: readonly string[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== '0') start = index + 1;
    else if (index + 1 - start > best[1]) best = [start, index + 1 - start];
  }
  return best;
}

/** Go's net.IPNet.String: CIDR notation, with the mask in hex where it is no prefix. */
export function formatIpRange({ address, mask }: IpRange): string {
  const short = shorten(address) ?? address;
  const bits = short.length === 4 && mask.length === 16 ? mask.subarray(12) : mask;
  const ones = prefixLength(bits);
  return `${formatIpAddress(short)}/${ones ?? [...bits].map(toHexByte).join('')}`;
}

export interface IpRange {
  readonly address: Uint8Array;
  readonly mask: Uint8Array;
}

function prefixLength(mask: Uint8Array): number | undefined {
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

/** Go's net.IPNet.Contains. */
export function isInRange(address: Uint8Array, { address: network, mask }: IpRange): boolean {
  const short = shorten(address) ?? address;
  const base = shorten(network) ?? network;
  const bits = mask.length === 16 && base.length === 4 ? mask.subarray(12) : mask;
  if (short.length !== base.length) return false;
  return short.every((byte, index) => {
    const bit = bits[index] ?? 0;
    return (byte & bit) === ((base[index] ?? 0) & bit);
  });
}
