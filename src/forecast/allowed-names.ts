import type { Certificate } from '../model/certificate.ts';
import type { TlsSettings } from '../model/settings.ts';
import type { GoRelease } from '../pki/go-release.ts';
import { verifyHostName } from '../pki/host-name.ts';

/** `--peer-cert-allowed-cn` and its kin: which certificates a side lets through after Go's verification. */
export interface AllowedNames {
  readonly commonNames: readonly string[];
  readonly hostNames: readonly string[];
}

export function allowedNames(tls: TlsSettings): AllowedNames | undefined {
  const commonNames = tls.allowedCns?.value ?? [];
  const hostNames = tls.allowedHostnames?.value ?? [];
  return commonNames.length + hostNames.length === 0 ? undefined : { commonNames, hostNames };
}

/** etcd lets the two kinds exclude each other at start, so that only one of them is ever asked. */
export function isAllowed(
  certificate: Certificate,
  { commonNames, hostNames }: AllowedNames,
  go: GoRelease,
): boolean {
  if (commonNames.length > 0) return commonNames.includes(certificate.subject.commonName ?? '');
  return hostNames.some((host) => verifyHostName(certificate, host, go) === undefined);
}

/** etcd prints this for servers too: it was written with clients in mind. */
export function notAllowedText(etcdBefore34: boolean): string {
  return etcdBefore34
    ? 'CommonName authentication failed'
    : 'client certificate authentication failed';
}
