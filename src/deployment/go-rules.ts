import { goDebugValue } from '../etcd/go-debug.ts';
import { goReleaseOf } from '../etcd/go-release-of.ts';
import { type EtcdVersion, etcdVersion, hasSince } from '../etcd/version.ts';
import { once } from '../model/once.ts';
import type { Client, Member } from '../model/inventory.ts';
import { goRelease, type GoRelease, isPatchedSince, isSince } from '../pki/go-release.ts';

/** Settings of GODEBUG that bring back what Go no longer does, and the release that stopped it. */
const oldWays = [
  { name: 'x509negativeserial', value: '1', since: 23, means: { acceptsNegativeSerials: true } },
  { name: 'rsa1024min', value: '0', since: 24, means: { acceptsSmallRsaKeys: true } },
  { name: 'tlsrsakex', value: '1', since: 22, means: { offersRsaKeyExchange: true } },
  { name: 'tls3des', value: '1', since: 23, means: { offersTripleDes: true } },
  { name: 'tlssha1', value: '1', since: 25, means: { signsWithSha1: true } },
] as const;

/** The same, but for one that no build ever sets by itself; Go dropped it in 1.24. */
const neverDefault = [
  { name: 'x509sha1', value: '1', since: 18, means: { acceptsSha1Signatures: true } },
] as const;

/**
 * The rules of Go that a member runs by: those of its release, with what GODEBUG brings back. Its defaults are
 * written in the program; where that was not given and its toolchain is not the official one, a distribution
 * built it, as a rule without a module: they are then those of Go 1.20. Debian's 3.5.16 and 3.5.30 were seen to.
 */
export const goOf: (member: Member) => GoRelease = once((member) =>
  rulesOf(member, member.settings.processEnvironment['GODEBUG']?.value),
);

/** Without what the environment of the member brings back. */
const goOfBuild: (member: Member) => GoRelease = once((member) => rulesOf(member, undefined));

function rulesOf(
  { etcdVersion: version, goVersion, build }: Member,
  variable: string | undefined,
): GoRelease {
  const go = goRelease(goVersion.value);
  const isRebuilt = build === undefined && isOfficial(etcdVersion(version.value), go) === false;
  const kept = [
    ...oldWays.filter(({ name, value, since }) => {
      const set = goDebugValue(variable, name) ?? goDebugValue(build?.defaultGodebug, name);
      return isSince(go, since) && (set === undefined ? isRebuilt : set === value);
    }),
    ...neverDefault.filter(
      ({ name, value, since }) => isSince(go, since) && goDebugValue(variable, name) === value,
    ),
  ];
  if (kept.length === 0) return go;
  // What was decoded by one set of rules is remembered by its text.
  const text = [go.text, ...kept.map(({ name, value }) => `${name}=${value}`)].join(' ');
  return kept.reduce<GoRelease>((rules, { means }) => ({ ...rules, ...means }), { ...go, text });
}

/** Whether a program is built as the official binary is; undefined for a release that was not looked up. */
function isOfficial(version: EtcdVersion, go: GoRelease): boolean | undefined {
  const official = goReleaseOf(version);
  return official.known ? goRelease(official.release).minor === go.minor : undefined;
}

/**
 * A client of the members' own Go is assumed to be of their release: what etcdctl is, as a rule. What the same file
 * sets up, such as a probe of a container, has the environment of the member as well.
 */
export function goOfClient(client: Client, members: readonly Member[]): GoRelease {
  const { goVersion, origin } = client;
  const around = members.filter(({ target }) => target.location?.file === origin.file);
  const owner = kinOf(client, around);
  if (owner !== undefined) return goOf(owner);
  const kin = kinOf(client, members);
  return kin === undefined ? goRelease(goVersion.value) : goOfBuild(kin);
}

function kinOf(
  { goVersion }: Pick<Client, 'goVersion'>,
  members: readonly Member[],
): Member | undefined {
  return members.find((member) => member.goVersion.value === goVersion.value);
}

/**
 * Whether a client offers what HTTP/2 allows alone, as grpc-go does since 1.60. Which of them an etcdctl has is in
 * the go.mod of its release; a distribution builds with its own, and of other clients only Go is known: etcd's
 * releases that have it were built by Go 1.23.9 and later.
 */
export function offersForHttp2Alone(client: Client, members: readonly Member[]): boolean {
  const go = goRelease(client.goVersion.value);
  const kin = client.kind === 'etcdctl' ? kinOf(client, members) : undefined;
  const release = kin && etcdVersion(kin.etcdVersion.value);
  return release !== undefined && isOfficial(release, go) === true
    ? hasSince(release, ['3.4.42', '3.5.22', '3.6.0'])
    : isPatchedSince(go, [23, 9]);
}
