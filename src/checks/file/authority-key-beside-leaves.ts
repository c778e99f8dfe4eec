import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdSecurity } from '../support/references.ts';
import { certificatesIn, fileTarget, keysIn } from '../../deployment/certificate-uses.ts';

export const authorityKeyBesideLeaves = defineCheck({
  id: 'authority-key-beside-leaves',
  title: 'Private key of the CA is stored with the certificates that it issued',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'No member or client needs the key of the CA. With this set anyone can issue a certificate for any ' +
    'member and any user, and only a new CA on every host undoes that.',
  remediation:
    'Move the key of the CA to where certificates are issued, offline or in a secrets store, and remove it ' +
    'from the hosts, images and repositories with this set.',
  references: [etcdSecurity],

  needs: ['files'],

  targets({ files }) {
    const authorities = new Map(
      files
        .flatMap(certificatesIn)
        .filter(({ basicConstraints }) => basicConstraints?.isCa === true)
        .map((certificate) => [certificate.publicKey.sha256, certificate.subject.text]),
    );
    return files
      .filter((file) => keysIn(file).length > 0)
      .map((file) => {
        const keys = keysIn(file).map(({ publicKeySha256 = '' }) => publicKeySha256);
        const ofAuthorities = keys.flatMap((key) => authorities.get(key) ?? []);
        return { target: fileTarget(file), authority: ofAuthorities[0] };
      });
  },

  examine({ authority }) {
    if (authority === undefined) return pass;

    return fail({
      message: `the private key of the CA ${authority} is in this set`,
      expected: 'keys of members and clients only',
      actual: `the key of ${authority}`,
    });
  },
});
