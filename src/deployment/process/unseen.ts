import type { Assumption } from '../../model/basis.ts';
import type { Client, Member } from '../../model/inventory.ts';
import { enumerate } from '../../model/words.ts';
import { hasBoringCrypto, isSince } from '../../pki/go-release.ts';
import { tokenOf } from '../../etcd/auth-token.ts';
import { goDebugValue } from '../../etcd/go-debug.ts';
import { goOf } from '../go-rules.ts';

/** What is assumed of processes: that they can open their files, unless something shows otherwise. */
export function unseenProcesses(
  members: readonly Member[] = [],
  clients: readonly Client[] = [],
): readonly Assumption[] {
  return [
    ...about(members, 'account'),
    ...about(members, 'owners'),
    ...fipsModes(members),
    ...preparations(members),
    ...requirements(members),
    ...optionalSettings([...members, ...clients]),
    ...discoveries(members),
    ...tokenKeys(members),
  ];
}

/** A program that was not given may change files and settings, and may end the start. */
function preparations(members: readonly Member[]): readonly Assumption[] {
  const programs = new Set(members.flatMap(({ unseenPrograms = [] }) => unseenPrograms));
  if (programs.size === 0) return [];
  const names = enumerate([...programs], 3);
  const what = `what ${names} ${programs.size === 1 ? 'does' : 'do'} before the start`;
  return [
    {
      about: what,
      because: `${what} was not given; it is assumed to succeed and to leave files and settings as they are`,
      notCovered: `${what} was not seen`,
      give: `give ${names} with the unit`,
    },
  ];
}

/** What the machine decides may keep etcd from starting. */
function requirements(members: readonly Member[]): readonly Assumption[] {
  const untried = [...new Set(members.flatMap(({ untried: own = [] }) => own))];
  if (untried.length === 0) return [];
  const names = enumerate(untried, 3);
  const what = `${names} ${untried.length === 1 ? 'was' : 'were'}`;
  return [
    {
      about: names,
      because: `${what} assumed to succeed before the start of etcd, which depends on the machine`,
      notCovered: `${what} not tried on the hosts`,
      give: `try ${names} on each host`,
    },
  ];
}

/** What need not exist may exist, and then it may set anything that is not set otherwise. */
function optionalSettings(processes: readonly Pick<Member, 'optional'>[]): readonly Assumption[] {
  const optional = [...new Set(processes.flatMap(({ optional: own = [] }) => own))];
  if (optional.length === 0) return [];
  const names = enumerate(optional, 3);
  const [exist, set] = optional.length === 1 ? ['does', 'sets'] : ['do', 'set'];
  return [
    {
      about: `what ${names} ${set}`,
      because: `${names} need not exist and ${optional.length === 1 ? 'was' : 'were'} not given; it is assumed that nothing is set there`,
      notCovered: `what ${names} ${set} was not seen`,
      give: `give ${names}, unless ${optional.length === 1 ? 'it' : 'they'} ${exist} not exist`,
    },
  ];
}

/** Who belongs to a cluster that is found by discovery is written in DNS, or at the discovery service. */
function discoveries(members: readonly Member[]): readonly Assumption[] {
  const found = members
    .filter(({ known, started }) => known === 'settings' && started !== true)
    .flatMap(({ settings: { discovery, discoverySrv } }) => {
      if (discovery !== undefined) return 'the members that the discovery service lists';
      return discoverySrv === undefined ? [] : `the SRV records of ${discoverySrv.value}`;
    });
  if (found.length === 0) return [];
  const names = enumerate(found, 3);
  return [
    {
      about: names,
      because: `${names} were not looked up; they are assumed to name the given members`,
      notCovered: `${names} were not seen`,
      give: `compare ${names} with the members and their peer URLs`,
    },
  ];
}

/** etcd does not start without the keys of its tokens, which are none of TLS. */
function tokenKeys(members: readonly Member[]): readonly Assumption[] {
  const files = members
    .filter(({ known, started }) => known === 'settings' && started !== true)
    .flatMap(({ settings: { authToken } }) => {
      const { kind, options } = tokenOf(authToken?.value ?? '');
      if (kind !== 'jwt') return [];
      return ['pub-key', 'priv-key'].flatMap((name) => options.get(name) || []);
    });
  if (files.length === 0) return [];
  const names = enumerate(files, 3);
  return [
    {
      about: `the keys of \`--auth-token\``,
      because: `${names} of \`--auth-token\` were not read; they are assumed to be there and to hold keys of that kind`,
      notCovered: `the keys that \`--auth-token\` names were not read`,
      give: `look on each host whether ${names} are there and hold keys of that kind`,
    },
  ];
}

/** Go's FIPS modes accept fewer keys, curves and suites than Go does otherwise, by rules that are not applied here. */
function fipsModes(members: readonly Member[]): readonly Assumption[] {
  const names = members.filter(isInFipsMode).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      about: `the FIPS mode of ${enumerate(names)}`,
      because: "handshakes were predicted by Go's ordinary rules, but FIPS mode accepts less",
      notCovered: `the effect of FIPS mode on ${enumerate(names)} was not predicted`,
      give: 'test one member first: only NIST curves, RSA keys of at least 2048 bits and AES-GCM are certain to work',
    },
  ];
}

function isInFipsMode(member: Member): boolean {
  const { settings, build, goVersion } = member;
  const isBoring = build?.experiments.includes('boringcrypto') ?? false;
  if (isBoring || hasBoringCrypto(goVersion.value)) return true;
  const variable = settings.processEnvironment['GODEBUG']?.value;
  const mode = goDebugValue(variable, 'fips140') ?? goDebugValue(build?.defaultGodebug, 'fips140');
  return isSince(goOf(member), 24) && ['on', 'only', 'debug'].includes(mode ?? '');
}

function about(
  members: readonly Member[],
  unseen: NonNullable<Member['unseen']>,
): readonly Assumption[] {
  const names = members
    .filter((member) => member.known === 'settings' && member.unseen === unseen)
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [{ about: `the processes of ${enumerate(names)}`, ...words[unseen] }];
}

const words = {
  account: {
    because:
      'the users and sandboxes of the processes are not known; etcd is assumed to be able to read its files',
    notCovered: "the hosts' users and sandboxes were not seen",
    give: 'give the unit, manifest or compose file that starts etcd, with the user that it runs as',
  },
  owners: {
    because:
      'only copies were given, without the owners and modes of the files on the hosts; etcd is assumed to be able to read its files',
    notCovered: 'the owners of the files on the hosts are not known',
    give: 'give the evidence that `etcd-tls-audit collect` writes on each host',
  },
} as const;
