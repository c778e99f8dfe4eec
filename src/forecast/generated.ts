import { isIpAddress } from '../etcd/urls.ts';
import type { Certificate } from '../model/certificate.ts';
import type { GoRelease } from '../pki/go-release.ts';
import { verifyHostName } from '../pki/host-name.ts';
import { type Opinion, type Refusal, refuses } from './judgement.ts';

const remedy =
  'give the member a certificate of a CA instead of `--auto-tls` or `--peer-auto-tls`: nobody can verify one that it made for itself';

/** The certificate that etcd makes for `--auto-tls` is self-signed, and names the hosts of the listen URLs. */
export function judgeGeneratedServer(
  hosts: readonly string[],
  hostName: string,
  go: GoRelease,
): Opinion {
  const complaint = verifyHostName(certificateFor(hosts), hostName, go);
  return refuses({
    rule: 'etcd.generated-certificate',
    text: complaint ?? 'x509: certificate signed by unknown authority',
    remedy,
  });
}

export function refuseGeneratedClient(): Refusal {
  return {
    rule: 'etcd.generated-certificate',
    text: 'x509: certificate signed by unknown authority',
    remedy,
  };
}

/** Only its names matter: they are what Go looks at before it looks for an issuer. */
function certificateFor(hosts: readonly string[]): Certificate {
  const name = { text: 'O=etcd', organization: ['etcd'], raw: '' };
  return {
    der: '',
    sha256: '',
    version: 3,
    serialNumber: '',
    subject: name,
    issuer: name,
    notBefore: '',
    notAfter: '',
    publicKey: { algorithm: 'ECDSA', bits: 521, curve: 'P-521', sha256: '' },
    signatureAlgorithm: 'ECDSA-SHA512',
    extendedKeyUsage: ['serverAuth'],
    subjectAltName: {
      dnsNames: hosts.filter((host) => !isIpAddress(host)),
      ipAddresses: hosts.filter(isIpAddress),
      uris: [],
      emailAddresses: [],
      otherNames: 0,
    },
    crlDistributionPoints: [],
    unhandledCriticalExtensions: [],
  };
}
