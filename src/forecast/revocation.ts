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
import { rules } from './rules.ts';
import { type FileAccess, deployedFile } from './material.ts';

/**
 * etcd's checkCRL: the file is read again for every connection that carries a certificate, and serial
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
      text: problem.text,
      blame: blameSetting(setting, listFile.path),
      remedy: rules['etcd.crl-unreadable'].remedy({
        file: listFile.path,
        list: listFile.revocationList,
      }),
    });
  }
  const revoked = new Set(listFile.revocationList?.revokedSerials);
  const hit = chain.find(({ serialNumber }) => revoked.has(serialNumber));
  if (hit === undefined) return content;

  return refuses({
    rule: 'etcd.revoked',
    text: `transport: certificate serial ${evenHex(hit.serialNumber)} revoked`,
    blame: blameCertificate(hit, file),
    remedy: rules['etcd.revoked'].remedy({ file, listFile: listFile.path }),
  });
}

/** Go prints whole bytes, of a negative number its magnitude, and of zero nothing. */
function evenHex(serialNumber: string): string {
  const digits = serialNumber.replace('-', '');
  if (digits === '0') return '';
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}
