import { goReleaseOf } from '../etcd/go-release-of.ts';
import { etcdVersion } from '../etcd/version.ts';
import type { Client, Member } from '../model/inventory.ts';
import { goRelease, type GoRelease, isSince } from '../pki/go-release.ts';

/** Settings of GODEBUG that bring back what Go no longer does, and the release that stopped it. */
const oldWays = [
  { name: 'x509negativeserial', value: '1', since: 23, means: { acceptsNegativeSerials: true } },
  { name: 'rsa1024min', value: '0', since: 24, means: { acceptsSmallRsaKeys: true } },
  { name: 'tlsrsakex', value: '1', since: 22, means: { offersOldSuites: true } },
] as const;

/**
 * The rules of Go that a member runs by. Where its toolchain is not the official one, a distribution
 * built it, as a rule without a module: GODEBUG's defaults are then those of Go 1.20, and what Go has refused
 * since is accepted still. Debian's 3.5.16 and 3.5.30 were seen to.
 */
export function goOf({ etcdVersion: version, goVersion, settings }: Member): GoRelease {
  const go = goRelease(goVersion.value);
  const told = settings.processEnvironment['GODEBUG']?.value.split(',') ?? [];
  const official = goReleaseOf(etcdVersion(version.value));
  const isRebuilt = official.known && goRelease(official.release).minor !== go.minor;
  const kept = oldWays.filter(({ name, value, since }) => {
    const set = told.findLast((item) => item.startsWith(`${name}=`))?.slice(name.length + 1);
    return isSince(go, since) && (set === undefined ? isRebuilt : set === value);
  });
  if (kept.length === 0) return go;
  // What was decoded by one set of rules is remembered by its text.
  const text = [go.text, ...kept.map(({ name, value }) => `${name}=${value}`)].join(' ');
  return kept.reduce<GoRelease>((rules, { means }) => ({ ...rules, ...means }), { ...go, text });
}

/** A client of the members' own Go is taken to be of their release: what etcdctl is, as a rule. */
export function goOfClient({ goVersion }: Client, members: readonly Member[]): GoRelease {
  const kin = members.find((member) => member.goVersion.value === goVersion.value);
  return kin === undefined ? goRelease(goVersion.value) : goOf(kin);
}
