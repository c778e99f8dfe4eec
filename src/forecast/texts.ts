import type { AlertKind } from './rules.ts';
import { table } from '../model/table.ts';
import { type GoRelease, isSince } from '../pki/go-release.ts';

/** Go's name of the alert that a listener of that Go release sends. */
export function alertForClient(reason: AlertKind, listenerGo: GoRelease, isTls13: boolean): string {
  // Alerts by cause came with 1.21; 116 exists in TLS 1.3 alone; for 1.2 Go 1.25 turned 42 into 40.
  if (reason === 'no-certificate') {
    if (isTls13) return isSince(listenerGo, 21) ? 'certificate required' : 'bad certificate';
    return isSince(listenerGo, 25) ? 'handshake failure' : 'bad certificate';
  }
  if (reason === 'undecodable') return undecodableAlert(listenerGo);
  if (!isSince(listenerGo, 21)) return 'bad certificate';

  const alerts = {
    'unknown-authority': 'unknown certificate authority',
    expired: 'expired certificate',
    other: 'bad certificate',
  };
  return alerts[reason];
}

/** What either side sends when it cannot parse a certificate. */
export function undecodableAlert(go: GoRelease): string {
  return isSince(go, 25) ? 'error decoding message' : 'bad certificate';
}

/** What a Go program prints for an alert from the other side. */
export function remote(alert: string): string {
  return `remote error: tls: ${alert}`;
}

/**
 * What OpenSSL prints for the alert that Go calls so (ssl/ssl_err.c). `sslv3`, `tlsv1`, `tlsv13` or, since 3.2,
 * `ssl/tls` comes before it.
 */
export function opensslAlert(alert: string): string {
  return `alert ${opensslAlerts[alert] ?? alert}`;
}

/** Those that have another name there. */
const opensslAlerts = table<string>({
  'error decoding message': 'decode error',
  'expired certificate': 'certificate expired',
  'protocol version not supported': 'protocol version',
  'unknown certificate authority': 'unknown ca',
});

/** Go's words before what crypto/x509 says of a server's certificate. */
export function serverVerificationText(x509Text: string, initiatorGo: GoRelease): string {
  return isSince(initiatorGo, 20) ? `tls: failed to verify certificate: ${x509Text}` : x509Text;
}

/** Go's words before what crypto/x509 says of a client's certificate. */
export function clientVerificationText(x509Text: string, listenerGo: GoRelease): string {
  if (isSince(listenerGo, 20)) return `tls: failed to verify certificate: ${x509Text}`;
  // 1.15 was seen to say so already.
  return isSince(listenerGo, 15)
    ? `tls: failed to verify client certificate: ${x509Text}`
    : `tls: failed to verify client's certificate: ${x509Text}`;
}

/** What grpc-go adds when its dialling side gives up in the handshake. */
export function grpcHandshakeText(text: string): string {
  return `transport: authentication handshake failed: ${text}`;
}
