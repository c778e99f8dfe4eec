import type { Certificate } from '../model/certificate.ts';

/** What a chain is wanted for. */
export type Usage = 'serverAuth' | 'clientAuth' | 'any';

/** The usages that Go has names for, by object identifier. */
export const usageNames: ReadonlyMap<string, string> = new Map([
  ['2.5.29.37.0', 'anyExtendedKeyUsage'],
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.3', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
  ['1.3.6.1.5.5.7.3.5', 'ipsecEndSystem'],
  ['1.3.6.1.5.5.7.3.6', 'ipsecTunnel'],
  ['1.3.6.1.5.5.7.3.7', 'ipsecUser'],
  ['1.3.6.1.5.5.7.3.8', 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
  ['1.3.6.1.4.1.311.10.3.3', 'msSGC'],
  ['2.16.840.1.113730.4.1', 'nsSGC'],
  ['1.3.6.1.4.1.311.2.1.22', 'msCodeCom'],
  ['1.3.6.1.4.1.311.61.1.1', 'msKernelCode'],
]);

/** The bits of keyUsage in order (RFC 5280, 4.2.1.3). */
export const keyUsageNames = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** Whether this one certificate may serve the purpose; an authority above it may still forbid it. */
export function allows({ extendedKeyUsage }: Certificate, usage: Usage): boolean {
  // Go treats an extension without entries as none.
  if (usage === 'any' || extendedKeyUsage === undefined || extendedKeyUsage.length === 0) {
    return true;
  }
  return extendedKeyUsage.includes(usage) || extendedKeyUsage.includes('anyExtendedKeyUsage');
}
