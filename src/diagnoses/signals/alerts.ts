import type { Signal, Wording } from './signal.ts';
import { table } from '../../model/table.ts';

/** TLS alert names by number, RFC 8446 6 and RFC 5246 7.2. */
export const alertNames: Readonly<Record<number, string>> = {
  0: 'close notify',
  10: 'unexpected message',
  20: 'bad record mac',
  21: 'decryption failed',
  22: 'record overflow',
  40: 'handshake failure',
  41: 'no certificate',
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'certificate revoked',
  45: 'certificate expired',
  46: 'certificate unknown',
  47: 'illegal parameter',
  48: 'unknown ca',
  49: 'access denied',
  50: 'decode error',
  51: 'decrypt error',
  70: 'protocol version',
  71: 'insufficient security',
  80: 'internal error',
  86: 'inappropriate fallback',
  90: 'user canceled',
  109: 'missing extension',
  110: 'unsupported extension',
  112: 'unrecognized name',
  116: 'certificate required',
  120: 'no application protocol',
};

/** Alerts that the other side sent to the one who writes. */
export const alertWordings: readonly Wording[] = [
  // A line of JSON has its other fields behind the error.
  ['remote-alert', /remote error: tls: (?<alert>[A-Za-z ]{1,255}?)(?=["'\\`,).:;\]}]|$)/],
  // What Go prints of an alert that it has no words for (crypto/tls/alert.go).
  ['remote-alert', /remote error: tls: alert\((?<number>\d{1,3})\)/],
  [
    'remote-alert',
    /remote error: (?<alert>bad certificate|handshake failure|unknown certificate authority)/,
  ],
  ['remote-alert', /SSL alert number (?<number>\d{1,20})/i],
  // What curl lists of both directions; every connection ends with a close notify.
  ['remote-alert', /\(IN\), TLS alert, (?!close)(?<alert>[a-z ]{1,99}?) \(\d/i],
  // OpenSSL's SSL_R_…_ALERT_… reasons are 1000 and the number of the alert (openssl/sslerr.h).
  [
    'remote-alert',
    /error:(?:14[0-9A-F]{3}|0A000|100003|10000)(?<reason>3f[0-9a-f]|4[0-6][0-9a-f])\b/i,
  ],
  ['remote-alert', /SSL_ERROR_(?<alert>[A-Z_]{1,255})_ALERT\b/],
  ['remote-alert', /(?<alert>SSL peer cannot verify your certificate)/],
  ['remote-alert', /ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_(?<alert>[A-Z_]{1,255})/],
  ['remote-alert', /\b(?:SSLV3|TLSV1|TLSV13)_ALERT_(?<alert>[A-Z_]{1,255})/],
  ['remote-alert', /(?:sslv3|tlsv1|tlsv13) alert (?<alert>[a-z ]{1,255}?)(?=["'\\`,).:;(]|$)/i],
  ['remote-alert', /[Rr]eceived fatal alert: (?<alert>[A-Za-z_]{1,255})/],
  // `openssl s_client -state` and GnuTLS
  ['remote-alert', /SSL3 alert read:fatal:(?<alert>[a-z ]{1,99})/i],
  ['remote-alert', /Received alert \[(?<number>\d{1,3})\]: (?!Close)/],
  ['remote-alert', /AlertReceived\((?<alert>\w{1,99})\)/],
  ['remote-alert', /\balert (?<number>\d{2,3})\b/],
  [
    'remote-alert',
    /\balert:? (?<alert>(?:bad|unknown|expired|unsupported|no)[ _-]certificate(?: authority)?|handshake failure|certificate (?:required|expired|unknown)|unknown ca)/i,
  ],
  ['remote-alert', /(?<!no )\b(?<alert>bad certificate)\b/],
  ['bad-record-mac', /local error: tls: bad record MAC/i],
  ['own-alert', /local error: tls: (?<alert>[a-z ]{1,255})/],
  ['own-alert', /tls: (?:received )?(?<alert>unexpected (?:handshake )?message)/],
  ['late-alert', /error reading server preface/],
];

const synonyms = table<string>({
  'unknown certificate authority': 'unknown ca',
  'unknown certificate': 'certificate unknown',
  'expired certificate': 'certificate expired',
  'revoked certificate': 'certificate revoked',
  'protocol version not supported': 'protocol version',
  'error decrypting message': 'decrypt error',
  'insufficient security level': 'insufficient security',
  // NSS: SSL_ERROR_BAD_CERT_ALERT and its like, and what curl prints of it.
  'bad cert': 'bad certificate',
  'expired cert': 'certificate expired',
  'revoked cert': 'certificate revoked',
  'ssl peer cannot verify your certificate': 'bad certificate',
});

/** The alert of a `remote-alert` signal by its RFC 8446 name with spaces, whichever spelling it came in. */
export function alertOf({ values }: Signal): string {
  const number = Number(values['number'] ?? Number.parseInt(values['reason'] ?? '', 16) - 1000);
  const named = values['alert'] ?? alertNames[number] ?? '';
  // rustls writes `CertificateExpired` and `UnknownCA`.
  const plain = named
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replaceAll(/[_-]/g, ' ')
    .trim();
  return synonyms[plain] ?? plain;
}

const names: ReadonlySet<string> = new Set(Object.values(alertNames));

/** Whether an alert has this name in RFC 8446 or RFC 5246. */
export function isAlertName(name: string): boolean {
  return names.has(name);
}
