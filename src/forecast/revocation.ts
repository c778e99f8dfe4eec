import type { EtcdVersion } from '../etcd/version.ts';
import type { Certificate } from '../model/certificate.ts';
import type { Setting } from '../model/settings.ts';
import { crlProblem } from '../pki/crl-problem.ts';
import {
  blameCertificate,
  blameSetting,
  content,
  type Opinion,
  refuses,
  undecided,
} from './judgement.ts';
import { type FileAccess, deployedFile } from './material.ts';

/**
 * etcd's checkCRL: the file is read anew for every connection that carries a certificate, and serial
 * numbers alone are compared, for whatever was sent. Issuer, signature and dates of the list are not looked at.
 */
export function judgeRevocation(
  { chain, file }: { readonly chain: readonly Certificate[]; readonly file: string },
  setting: Setting<string>,
  version: EtcdVersion,
  access: FileAccess,
): Opinion {
  const listFile = deployedFile(setting.value, access);
  if (listFile === undefined) {
    return undecided('file.not-given', [`the content of ${setting.value}, which was not given`]);
  }
  const problem = crlProblem({ ...listFile, path: setting.value }, version);
  if (problem !== undefined) {
    return refuses({
      rule: 'etcd.crl-unreadable',
      text: problem,
      blame: blameSetting(setting, listFile.path),
      remedy: `write ${listFile.path} in the form that this version reads: DER, version 2, from 3.6 on (\`openssl crl -in FILE -outform DER -out FILE.der\`)`,
    });
  }
  const revoked = new Set(listFile.revocationList?.revokedSerials);
  const hit = chain.find(({ serialNumber }) => revoked.has(serialNumber));
  if (hit === undefined) return content;

  return refuses({
    rule: 'etcd.revoked',
    text: `transport: certificate serial ${evenHex(hit.serialNumber)} revoked`,
    blame: blameCertificate(hit, file),
    remedy: `replace ${file}: ${listFile.path} lists its serial number`,
  });
}

/** Go prints whole bytes, and of a negative number its magnitude. */
function evenHex(serialNumber: string): string {
  const digits = serialNumber.replace('-', '');
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}
