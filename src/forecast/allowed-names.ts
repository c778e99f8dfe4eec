import type { Certificate } from '../model/certificate.ts';
import { type EtcdVersion, isAtLeast } from '../etcd/version.ts';
import type { Setting, TlsSettings } from '../model/settings.ts';
import type { GoRelease } from '../pki/go-release.ts';
import { verifyHostName } from '../pki/host-name.ts';

/** `--peer-cert-allowed-cn` and its kin: which certificates a side lets through after Go's verification. */
export interface AllowedNames {
  readonly commonNames: readonly string[];
  readonly hostNames: readonly string[];
  readonly setting: Setting<readonly string[]>;
  /** What this side prints of a name that is none of them. */
  readonly says: string;
}

/** Those that a member demands, which need not be those of the member at the other end. */
export function allowedNames(
  { allowedCns, allowedHostnames }: TlsSettings,
  version: EtcdVersion,
): AllowedNames | undefined {
  const commonNames = allowedCns?.value ?? [];
  const hostNames = allowedHostnames?.value ?? [];
  const setting = commonNames.length > 0 ? allowedCns : allowedHostnames;
  if (setting === undefined || commonNames.length + hostNames.length === 0) return undefined;
  const says = notAllowedText(!isAtLeast(version, '3.4.0'));
  return { commonNames, hostNames, setting, says };
}

/** etcd lets the two kinds exclude each other at start, so that only one of them is ever asked. */
export function isAllowed(
  certificate: Certificate,
  { commonNames, hostNames }: Pick<AllowedNames, 'commonNames' | 'hostNames'>,
  go: GoRelease,
): boolean {
  if (commonNames.length > 0) return commonNames.includes(certificate.subject.commonName ?? '');
  return hostNames.some((host) => verifyHostName(certificate, host, go) === undefined);
}

/** etcd prints this for servers too: it was written with clients in mind. */
function notAllowedText(etcdBefore34: boolean): string {
  return etcdBefore34
    ? 'CommonName authentication failed'
    : 'client certificate authentication failed';
}
