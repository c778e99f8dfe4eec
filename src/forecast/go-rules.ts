import { goReleaseOf } from '../etcd/go-release-of.ts';
import { etcdVersion } from '../etcd/version.ts';
import type { Client, Member } from '../model/inventory.ts';
import { goRelease, type GoRelease, isSince } from '../pki/go-release.ts';

/**
 * The rules of Go that a member runs by. Where its toolchain is not the official one, a distribution
 * built it, as a rule without a module: GODEBUG's defaults are then those of Go 1.20, and negative
 * serial numbers, which Go refuses since 1.23, are taken still. Debian's 3.5.16 and 3.5.30 were seen to.
 */
export function goOf({ etcdVersion: version, goVersion, settings }: Member): GoRelease {
  const go = goRelease(goVersion.value);
  if (!isSince(go, 23)) return go;

  const told = /(?:^|,)x509negativeserial=(\d)/.exec(
    settings.processEnvironment['GODEBUG']?.value ?? '',
  )?.[1];
  const official = goReleaseOf(etcdVersion(version.value));
  const isRebuilt = official.known && goRelease(official.release).minor !== go.minor;
  const accepts = told === undefined ? isRebuilt : told === '1';
  // What was decoded by one set of rules is remembered by its text.
  return accepts
    ? { ...go, text: `${go.text} x509negativeserial=1`, acceptsNegativeSerials: true }
    : go;
}

/** A client of the members' own Go is taken to be of their release: what etcdctl is, as a rule. */
export function goOfClient({ goVersion }: Client, members: readonly Member[]): GoRelease {
  const kin = members.find((member) => member.goVersion.value === goVersion.value);
  return kin === undefined ? goRelease(goVersion.value) : goOf(kin);
}
