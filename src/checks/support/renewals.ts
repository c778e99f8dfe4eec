import type { CertificateInUse } from '../../deployment/certificates-in-use.ts';
import { enumerate } from '../../model/words.ts';

/** How a certificate is replaced, by what it is. */
export function renewalOf({ place, issued }: Pick<CertificateInUse, 'place' | 'issued'>): string {
  switch (place) {
    case 'leaf':
      return (
        'Reissue the certificate, keep its names and usages, and replace certificate and key file together. ' +
        'etcd reads both again in every handshake; other programs may need a restart.'
      );
    case 'intermediate':
      return (
        'Renew the intermediate CA with its key, and replace it in every certificate file that contains it. ' +
        'etcd reads certificate files again in every handshake.'
      );
    case 'ca':
      return (
        'Add the successor of the CA to every trusted CA file and restart the members one at a time, before ' +
        `the first leaf that it issued is installed.${reissuing(issued)}`
      );
  }
}

/** What the old CA issued does not outlive it. */
function reissuing(issued: readonly string[]): string {
  if (issued.length === 0) return '';
  return ` Then reissue ${enumerate(issued)} from it, unless it has the key and name of the old CA.`;
}
