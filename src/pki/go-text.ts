import { table } from '../model/table.ts';

const escapes = table<string>({
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
});

/**
 * Go's `%q`. A Go string may hold bytes that are no UTF-8: here they are U+DC80 to U+DCFF, the
 * byte's value in the low eight bits.
 */
export function quote(text: string): string {
  return `"${text.replaceAll(/[^ !#-[\]-~]/gsu, quoteCharacter)}"`;
}

function quoteCharacter(character: string): string {
  const escaped = escapes[character];
  if (escaped !== undefined) return escaped;

  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code & 0xff).toString(16)}`;
  if (!/[\p{C}\p{Z}]/u.test(character)) return character;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  const hex = code.toString(16);
  return code < 0x1_0000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that the bytes are in UTF-8; undefined where they are not. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A Go string: valid UTF-8 decoded, and every other byte as `quote` wants it. */
export function toGoString(bytes: Uint8Array): string {
  const whole = decodeUtf8(bytes);
  if (whole !== undefined) return whole;

  let text = '';
  let position = 0;
  while (position < bytes.length) {
    const character = characterAt(bytes, position);
    text += character.text;
    position += character.length;
  }
  return text;
}

function characterAt(
  bytes: Uint8Array,
  position: number,
): { readonly text: string; readonly length: number } {
  for (const length of [1, 2, 3, 4]) {
    const text = decodeUtf8(bytes.subarray(position, position + length));
    if (text !== undefined && text !== '') return { text, length };
  }
  return { text: String.fromCharCode(0xdc00 | (bytes[position] ?? 0)), length: 1 };
}

/** ASCII letters only, as Go lower-cases names. */
export function lowerCaseAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Go's time.RFC3339 of a moment in UTC, or with an offset in minutes. Fractions are cut off. */
export function formatTime(milliseconds: number, offsetMinutes = 0): string {
  const local = new Date(Math.floor(milliseconds / 1000) * 1000 + offsetMinutes * 60_000);
  const [date] = local.toISOString().split('.');
  return `${date}${formatOffset(offsetMinutes)}`;
}

function formatOffset(minutes: number): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  const pair = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'));
  return `${minutes < 0 ? '-' : '+'}${pair.join(':')}`;
}
