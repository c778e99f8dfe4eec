import { currentGo } from '../pki/go-release.ts';
import { verifyHostName } from '../pki/host-name.ts';
import type { Credential, Use } from './certificate-uses.ts';
import type { Setting } from '../model/settings.ts';
import { hostOf, isHttps, isIpAddress } from '../model/host.ts';

/** A host that is advertised and not named, and the error of a client that connects to it. */
export interface MissingHost {
  readonly host: string;
  readonly error: string;
}

/** The advertised hosts that a certificate does not name; addresses among its DNS names are left to another check. */
export function missingHosts(credential: Credential): readonly MissingHost[] {
  const { leaf } = credential;
  return advertisedHosts(credential).flatMap((host) => {
    const error = verifyHostName(leaf, host, currentGo);
    const isMisplaced = leaf.subjectAltName?.dnsNames.includes(host) ?? false;
    return error === undefined || isMisplaced ? [] : [{ host, error }];
  });
}

/** The hosts for which other checks find the certificate at fault: advertised or misplaced among DNS names. */
export function wrongNames(credential: Credential): readonly string[] {
  const { dnsNames = [], ipAddresses = [] } = credential.leaf.subjectAltName ?? {};
  const misplaced = dnsNames.filter((name) => isIpAddress(name) && !ipAddresses.includes(name));
  return [...misplaced, ...missingHosts(credential).map(({ host }) => host)];
}

function advertisedHosts({ uses }: Credential): readonly string[] {
  const urls = uses
    .flatMap((use) => advertisedUrls(use) ?? [])
    // What was supposed for want of URLs is advertised by nothing.
    .flatMap(({ value, origin }) => (origin.via === 'assumed' ? [] : value))
    .filter(isHttps);
  const hosts = urls.map(hostOf).filter((host) => host !== undefined);
  return [...new Set(hosts)];
}

function advertisedUrls({ role, member }: Use): Setting<readonly string[]> | undefined {
  if (role === 'server') return member?.settings.advertiseClientUrls;
  return role === 'peer' ? member?.settings.initialAdvertisePeerUrls : undefined;
}
