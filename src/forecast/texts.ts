/** Whether a Go release such as `1.23.8` is one of the branch given, e.g. `1.20`, or newer. */
export function isGoAtLeast(release: string, branch: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbers(release);
  const [otherMajor = 0, otherMinor = 0, otherPatch = 0] = numbers(branch);
  const difference = major - otherMajor || minor - otherMinor || patch - otherPatch;
  return difference >= 0;
}

function numbers(release: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(release)?.[0] ?? '').split('.').map(Number);
}

/** Why a listener refuses a client, as far as the alert that it sends depends on it. */
export type RefusalReason = 'no-certificate' | 'unknown-authority' | 'expired' | 'other';

/** What a Go client prints for the alert that a listener of that Go release sends. */
export function alertForClient(
  reason: RefusalReason,
  listenerGo: string,
  isTls13: boolean,
): string {
  // Alerts by cause came with 1.21; 116 exists in TLS 1.3 alone; for 1.2 Go 1.25 turned 42 into 40.
  if (reason === 'no-certificate') {
    if (isTls13)
      return remote(isGoAtLeast(listenerGo, '1.21') ? 'certificate required' : 'bad certificate');
    return remote(isGoAtLeast(listenerGo, '1.25') ? 'handshake failure' : 'bad certificate');
  }
  if (!isGoAtLeast(listenerGo, '1.21')) return remote('bad certificate');

  const alerts = {
    'unknown-authority': 'unknown certificate authority',
    expired: 'expired certificate',
    other: 'bad certificate',
  };
  return remote(alerts[reason]);
}

/** What a Go program prints for an alert from the other side. */
export function remote(alert: string): string {
  return `remote error: tls: ${alert}`;
}

/** Go's words before what crypto/x509 says of a server's certificate. */
export function serverVerificationText(x509Text: string, diallerGo: string): string {
  return isGoAtLeast(diallerGo, '1.20')
    ? `tls: failed to verify certificate: ${x509Text}`
    : x509Text;
}

/** Go's words before what crypto/x509 says of a client's certificate. */
export function clientVerificationText(x509Text: string, listenerGo: string): string {
  if (isGoAtLeast(listenerGo, '1.20')) return `tls: failed to verify certificate: ${x509Text}`;
  // 1.15 was seen to say so already.
  return isGoAtLeast(listenerGo, '1.15')
    ? `tls: failed to verify client certificate: ${x509Text}`
    : `tls: failed to verify client's certificate: ${x509Text}`;
}

/** What grpc-go adds when its dialling side gives up in the handshake. */
export function grpcHandshakeText(text: string): string {
  return `transport: authentication handshake failed: ${text}`;
}
