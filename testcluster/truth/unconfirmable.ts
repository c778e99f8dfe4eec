import type { RefusalRule } from '../../src/model/refusal.ts';

const isDoubt = 'no connection is refused for it, the forecast only doubts by it';

/** Rules that no run can confirm, and why. Every other rule has a fault that shows it. */
export const unconfirmable: ReadonlyMap<RefusalRule, string> = new Map<RefusalRule, string>([
  ['etcd.cut-off', isDoubt],
  ['file.not-given', isDoubt],
  ['openssl.weak-key', `${isDoubt}, since the security level of OpenSSL is the client's own`],
  [
    'tls.certificate-left-out',
    'etcdctl presents its certificate to every server; `npm run oracles` compares CoreDNS and flanneld, which leave it out',
  ],
]);
