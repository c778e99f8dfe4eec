import { recordType } from './numbers.ts';

export type FirstBytes = 'tls' | 'tls-alert' | 'http1' | 'http2' | 'ssh' | 'unknown' | 'undecided';

/** What kind of server answers like this. `undecided` as long as more bytes could decide. */
export function recognise(bytes: Buffer): FirstBytes {
  if (bytes.length < 5) return 'undecided';
  if (looksLikeTls(bytes)) return bytes[0] === recordType.alert ? 'tls-alert' : 'tls';
  const text = bytes.subarray(0, 9).toString('latin1');
  if (text.startsWith('HTTP/')) return 'http1';
  if (text.startsWith('SSH-')) return 'ssh';
  if (bytes.length < 9) return 'undecided';
  return looksLikeSettings(bytes) ? 'http2' : 'unknown';
}

function looksLikeTls(bytes: Buffer): boolean {
  const type = bytes.readUInt8(0);
  return type >= recordType.changeCipherSpec && type <= recordType.data && bytes[1] === 3;
}

/** RFC 9113 section 3.4: a server's first frame is SETTINGS (type 4) on stream 0. */
function looksLikeSettings(bytes: Buffer): boolean {
  return bytes[3] === 4 && bytes.readUInt32BE(5) === 0;
}
