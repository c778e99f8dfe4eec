import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { credentialsOf } from '../../deployment/certificate-uses.ts';
import { highestVersion } from '../../forecast/tls-version.ts';
import { largest } from '../../model/extremes.ts';
import { groupBy } from '../../model/group-by.ts';
import { goTls } from '../support/references.ts';

/** The curves for which Go's TLS 1.3 has a signature scheme. A scheme of TLS 1.2 names no curve. */
const usable = ['P-256', 'P-384', 'P-521'];

export const curveRefusedByGo = defineCheck({
  id: 'curve-refused-by-go',
  title: 'Certificate key uses a curve that Go does not support in TLS 1.3',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd starts with a P-224 certificate and then fails every handshake of TLS 1.3 with "unsupported ' +
    'certificate curve". Curves such as secp256k1 or brainpool do not even parse.',
  remediation:
    'Create a new key on P-256 (`openssl ecparam -name prime256v1 -genkey`), P-384 or P-521, or Ed25519, ' +
    'and reissue the certificate.',
  references: [goTls],

  explains: ['x509.unsupported-curve', 'tls.unsupported-curve'],
  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets(facts) {
    const users = groupBy(credentialsOf(facts), ({ leaf }) => leaf.sha256);
    return certificatesInUse(facts)
      .filter(
        ({ certificate, place }) => place === 'leaf' && certificate.publicKey.algorithm === 'ECDSA',
      )
      .map((inUse) => {
        const uses = users.get(inUse.certificate.sha256)?.flatMap((each) => each.uses) ?? [];
        const versions = uses.map((use) => highestVersion(use, facts.members));
        return { ...inUse, isInOldTlsAlone: versions.length > 0 && largest(versions, 0) < 13 };
      });
  },

  examine({ certificate, role, isInOldTlsAlone }) {
    const { curve = 'unknown' } = certificate.publicKey;
    if (usable.includes(curve) || (curve === 'P-224' && isInOldTlsAlone)) return pass;

    return fail({
      about: [aboutCertificate(certificate)],
      message: `no handshake with the ${role} can succeed`,
      expected: 'P-256, P-384 or P-521',
      actual: curve,
      cause: `etcd logs: tls: unsupported certificate curve (${curve})`,
    });
  },
});
