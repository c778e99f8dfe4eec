import { type DerReader, tag } from './der-reader.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { toLatin1 } from './bytes.ts';

/** A moment as a certificate writes it. */
export interface Asn1Time {
  /** Since 1970. */
  readonly milliseconds: number;
  /** East of Greenwich; Go keeps it for printing. */
  readonly offsetMinutes: number;
}

const utcTime = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:Z|([+-])(\d{2})(\d{2}))$/;
const generalizedTime = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:Z|([+-])(\d{2})(\d{2}))$/;

/** Reads UTCTime or GeneralizedTime as Go does; a string is the text of Go's error. */
export function readTime(reader: DerReader, go: GoRelease): Asn1Time | string {
  if (reader.peek(tag.utcTime)) {
    const content = reader.content(tag.utcTime);
    return read(utcTime, content, go, 19) ?? 'x509: malformed UTCTime';
  }
  if (reader.peek(tag.generalizedTime)) {
    const content = reader.content(tag.generalizedTime);
    return read(generalizedTime, content, go, 17) ?? 'x509: malformed GeneralizedTime';
  }
  return 'x509: unsupported time format';
}

/** Before a parser of its own Go had package time, whose words begin so: it reads fractions, and an offset in any form. */
function read(pattern: RegExp, content: Uint8Array | undefined, go: GoRelease, ownParser: number) {
  const time = content && parseTime(pattern, content, go);
  if (time !== undefined || content === undefined || isSince(go, ownParser)) return time;
  const whole = toLatin1(content)
    .replace(/\.\d+/, '')
    .replace(/[+-]\d{4}$/, 'Z');
  const isOfTime = parseTime(pattern, Buffer.from(whole, 'latin1'), go) === undefined;
  return isOfTime ? 'parsing time ' : undefined;
}

/** Fractions are refused, seconds may be absent, and an offset must not be written as +0000. */
function parseTime(pattern: RegExp, content: Uint8Array, go: GoRelease): Asn1Time | undefined {
  const match = pattern.exec(toLatin1(content));
  if (match === null) return undefined;
  const [, year = '', month, day, hour, minute, second, sign, hours, minutes] = match;
  const offsetMinutes = parseOffset(sign, Number(hours), Number(minutes));
  if (offsetMinutes === undefined) return undefined;
  // More than a day was an offset too until 1.22.
  if (Math.abs(offsetMinutes) >= 25 * 60 && isSince(go, 23)) return undefined;

  const clock = [hour, minute, second ?? '0'].map(Number);
  const local = toMilliseconds(fullYear(year), Number(month), Number(day), clock);
  if (local === undefined) return undefined;
  return { milliseconds: local - offsetMinutes * 60_000, offsetMinutes };
}

/** Two digits mean 1950 to 2049. */
function fullYear(digits: string): number {
  if (digits.length === 4) return Number(digits);
  return Number(digits) + (Number(digits) < 50 ? 2000 : 1900);
}

/** Go writes the time again and compares, so that an offset of nothing and one of 60 minutes are refused. */
function parseOffset(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (sign === undefined) return 0;
  const size = hours * 60 + minutes;
  if (size === 0 || minutes >= 60) return undefined;
  return sign === '-' ? -size : size;
}

function toMilliseconds(
  year: number,
  month: number,
  day: number,
  [hour = 0, minute = 0, second = 0]: readonly number[],
): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hour, minute, second, 0);
}
