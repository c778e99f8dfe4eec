import type { FileMatch, Guess } from '../../model/inventory.ts';
import { guessRole, ownHosts, type RoleReading } from './assign-roles.ts';
import type { DraftedMember } from './build-member.ts';
import type { GivenPaths } from './match-files.ts';
import { baseName } from './match-files.ts';
import { hostsInUrls } from './member-hosts.ts';
import { nameInFile } from './names.ts';
import type { MemberPlan } from './plan.ts';
import { differenceOf, mapSources, substitute, type Substitution } from './substitute.ts';

/** A member that no settings describe, planned after one that they do. */
interface Sibling {
  readonly plan: MemberPlan;
  readonly reading: RoleReading;
  readonly guess: Guess;
}

/** A cluster has seven members at most, by etcd's own documentation; a few clusters may be together. */
export const mostSupposedMembers = 32;

/** The members planned, and what is said of those and of certificates that are too many for that. */
interface Siblings {
  readonly plans: readonly MemberPlan[];
  readonly guesses: readonly Guess[];
}

/**
 * Plans members for server certificates that no settings name but whose files are called like those
 * of a member that settings do describe: a document often shows the drop-in of the first node alone.
 */
export function planSiblings(
  drafts: readonly DraftedMember[],
  readings: readonly RoleReading[],
  given: GivenPaths,
): Siblings {
  const taken = new Set(drafts.flatMap(({ matches }) => matches.flatMap(({ file }) => file ?? [])));
  const spare = readings.filter(
    ({ role, credential }) => isServing(role) && !taken.has(credential.file.path),
  );
  if (spare.length > mostSupposedMembers) return { plans: [], guesses: [surplus(spare.length)] };
  const known = identitiesOf(drafts);
  const siblings = spare.flatMap((reading) => {
    for (const draft of drafts) {
      const sibling = planAfter(draft, reading, given);
      if (sibling !== undefined && !isKnown(sibling, known)) return [sibling];
    }
    return [];
  });
  return { plans: siblings.map(({ plan }) => plan), guesses: siblings.map(({ guess }) => guess) };
}

function surplus(count: number): Guess {
  return {
    about: `${count} server certificates that no settings name`,
    conclusion: 'none of them is assumed to be of a member',
    because: `a cluster with more than ${mostSupposedMembers} members is unlikely; list the real ones in etcd-tls.yaml`,
    ambiguous: true,
  };
}

/** Names of members and the hosts in their URLs: a member with one of these has settings, if faulty ones. */
function identitiesOf(drafts: readonly DraftedMember[]): ReadonlySet<string> {
  return new Set(
    drafts.flatMap(({ plan, reading: { settings } }) => [
      plan.name,
      ...plan.addresses,
      ...hostsInUrls(settings).peer,
      ...hostsInUrls(settings).client,
    ]),
  );
}

function isKnown({ plan, reading }: Sibling, known: ReadonlySet<string>): boolean {
  return [plan.name, ...ownHosts(reading.credential)].some((identity) => known.has(identity));
}

function isServing(role: RoleReading['role']): boolean {
  return role === 'server' || role === 'server-and-peer';
}

function planAfter(
  { plan, matches, credentials }: DraftedMember,
  reading: RoleReading,
  given: GivenPaths,
): Sibling | undefined {
  const model = credentials[0];
  const { credential } = reading;
  if (model === undefined || model.leaf.issuer.raw !== credential.leaf.issuer.raw) return undefined;
  const words = differenceOf(model.file.path, credential.file.path);
  const files = words === undefined ? undefined : siblingFiles(matches, words, given);
  if (words === undefined || files === undefined) return undefined;

  const name = nameInFile(credential.file.path) ?? substitute(plan.name, words);
  if (name === plan.name) return undefined;
  const { network: _network, bareProbes: _bareProbes, requestedNames: _names, ...alone } = plan;
  const sources = mapSources(
    plan.sources,
    renaming(plan, { name, words, hosts: [ownHosts(model), ownHosts(credential)] }),
  );
  return {
    reading,
    plan: {
      ...alone,
      name,
      sources,
      matches: files,
      addresses: [],
      hostnames: [],
      likeMember: plan.name,
    },
    guess: {
      ...guessRole(reading, `server and peer certificate of ${name}`, name),
      because:
        `${baseName(credential.file.path)} is named like ${baseName(model.file.path)}, ` +
        `which ${baseName(plan.origin.file)} gives to ${plan.name}; ${reading.because}`,
    },
  };
}

/** The files of the other member; undefined when one that differs by name is not there. */
function siblingFiles(
  matches: readonly FileMatch[],
  words: Substitution,
  { all }: GivenPaths,
): readonly FileMatch[] | undefined {
  const found = matches.flatMap(({ deployed, file }): readonly (FileMatch | undefined)[] => {
    const because = 'its name is like that of the file of the member whose settings were given';
    const other = { deployed: substitute(deployed, words), because };
    if (file === undefined) return [{ ...other, because: 'no file of this name was given' }];
    const path = substitute(file, words);
    // A CA or CRL is the same file for all members.
    if (path === file || (baseName(path) === baseName(file) && !all.has(path))) {
      return [{ deployed, file, because: 'it is the same for all members' }];
    }
    return all.has(path) ? [{ ...other, file: path }] : [undefined];
  });
  return found.includes(undefined) ? undefined : found.flatMap((match) => match ?? []);
}

interface Renaming {
  readonly name: string;
  readonly words: Substitution;
  /** Hosts in the certificates of the one and the other, in order. */
  readonly hosts: readonly [readonly string[], readonly string[]];
}

/** Paths, addresses and the name of the one member become those of the other. */
function renaming(plan: MemberPlan, { name, words, hosts: [from, to] }: Renaming) {
  const hosts = from.flatMap((host, index) => {
    const other = to[index];
    return other === undefined || from.includes(other) ? [] : [[host, other] as const];
  });
  return (text: string): string => {
    if (text === plan.name) return name;
    if (/^--?name=/.test(text)) return text.replace(/=.*/s, `=${name}`);
    if (text.includes('://')) return substitute(text, hosts);
    return text.includes('/') ? substitute(text, words) : text;
  };
}
