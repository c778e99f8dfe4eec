import { certificatesIn, fileFor } from '../../deployment/certificate-uses.ts';
import { goOf } from '../../deployment/go-rules.ts';
import { listenersOf, showOrigin } from '../../deployment/listeners.ts';
import { aboutSetting } from '../../model/about.ts';
import {
  type Context,
  defineCheck,
  fail,
  inconclusive,
  pass,
  type Verdict,
} from '../../model/check.ts';
import type { Certificate } from '../../model/certificate.ts';
import type { Edge } from '../../model/forecast.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Rule } from '../../model/refusal.ts';
import type { Setting } from '../../model/settings.ts';
import { type Target, wholeCluster } from '../../model/target.ts';
import { enumerate } from '../../model/words.ts';
import type { GoRelease } from '../../pki/go-release.ts';
import { verify } from '../../pki/verify.ts';
import { etcdListener } from '../support/references.ts';

type Needs = 'files' | 'members' | 'clients' | 'forecast';

/** Members whose client ports trust the same CAs. */
interface Side {
  readonly authorities: readonly Certificate[];
  readonly members: readonly [Trusting, ...Trusting[]];
}

interface Trusting {
  readonly name: string;
  readonly cluster: string | undefined;
  readonly setting: Setting<string>;
  readonly authorities: readonly Certificate[];
  readonly go: GoRelease;
}

export const membersAcceptDifferentClients = defineCheck({
  id: 'members-accept-different-clients',
  title: 'Members accept clients of different CAs',
  severity: 'high',
  rationale:
    'Every member of a cluster serves the same keys, and a client connects to any of them. If their ' +
    'trusted CA files contain different CAs, a client that one member accepts is rejected by another: it ' +
    'fails when its connection moves.',
  remediation:
    'Set `--trusted-ca-file` of every member to a file with the same CAs, and restart the members one at ' +
    'a time. During a rotation give every member the old and the new CA first.',
  references: [etcdListener],

  explains: ['x509.unknown-authority'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) =>
    [...groupBy(trusting(facts), ({ cluster }) => cluster)].map(([cluster, members]) => {
      // The largest side is assumed to be the intended one.
      const sides = [...groupBy(members, ({ authorities }) => identities(authorities)).values()]
        .map((each): Side => ({ authorities: each[0].authorities, members: each }))
        .toSorted((one, other) => other.members.length - one.members.length);
      return { target: targetOf(sides, cluster), sides };
    }),

  examine({ sides }, context) {
    if (sides.length < 2) return pass;
    if (areOfOneUse(sides, context)) return pass;
    // A refused client shows which side is wrong, and that is a finding of its own.
    if (isShownByClients(supposedlyWrong(sides), context.facts.forecast)) return pass;
    const nameOf = authorityNames(sides);
    const each = sides.map((side) => describe(side, nameOf)).join('; ');
    if (haveCommonAuthority(sides, context)) return openQuestion(each, context);
    return fail({
      about: sides
        .slice(1)
        .flatMap(({ members }) => members.map(({ name }) => aboutSetting(name, 'trusted-ca-file'))),
      message:
        'no client certificate is accepted by all members: their trusted CA files contain different CAs',
      expected: 'the same CAs in the trusted CA file of every member',
      actual: each,
    });
  },
});

/** The members whose settings are known and ask clients for certificates of the CAs in a file. */
function trusting(facts: Context<Needs>['facts']): readonly Trusting[] {
  return listenersOf(facts, 'client').flatMap(({ member, tls }) => {
    const { trustedCaFile, clientAuthentication, encryptedUrls } = tls;
    const file = fileFor(trustedCaFile, member, facts);
    if (member.known !== 'settings' || encryptedUrls.length === 0) return [];
    if (clientAuthentication !== 'trusted-ca' || trustedCaFile === undefined) return [];
    // A file that is unreadable or holds no certificate has a finding of its own.
    if (file === undefined || certificatesIn(file).length === 0) return [];
    return [
      {
        name: member.name,
        cluster: member.cluster,
        setting: trustedCaFile,
        authorities: certificatesIn(file),
        go: goOf(member),
      },
    ];
  });
}

/** All CAs among the files, by what `identities` has of each. */
function knownAuthorities({ files }: Pick<Context<Needs>['facts'], 'files'>): Known {
  return groupBy(
    files.flatMap(certificatesIn).filter(({ basicConstraints }) => basicConstraints?.isCa === true),
    (authority) => identities([authority]),
  );
}

type Known = ReadonlyMap<string, readonly Certificate[]>;

/** A CA that was renewed with its key is the same CA. */
function identities(authorities: readonly Certificate[]): string {
  const all = authorities.map(({ subject, publicKey }) => `${subject.raw} ${publicKey.sha256}`);
  return [...new Set(all)].toSorted().join('\n');
}

function targetOf(sides: readonly Side[], cluster: string | undefined): Target {
  const location = sides[1]?.members[0].setting.origin.location;
  return {
    ...wholeCluster,
    name: 'trusted CA files of the client ports',
    ...(cluster !== undefined && { cluster }),
    ...(location !== undefined && { location }),
  };
}

/** Whether each CA is also trusted by all the others, directly or through the CA that issued it. */
function areOfOneUse(sides: readonly Side[], { now }: Context<Needs>): boolean {
  const all = sides.flatMap(({ authorities }) => authorities);
  return all.every((authority) => isTrustedByAll(authority, sides, { now }));
}

/** A client may send a cross-certificate by which others trust its CA. */
function haveCommonAuthority(sides: readonly Side[], { now, facts }: Context<Needs>): boolean {
  const known = knownAuthorities(facts);
  const all = sides.flatMap(({ authorities }) => authorities);
  return all.some((authority) => isTrustedByAll(authority, sides, { known, now }));
}

function isTrustedByAll(
  authority: Certificate,
  sides: readonly Side[],
  { known, now }: { readonly known?: Known; readonly now: Date },
): boolean {
  const identity = identities([authority]);
  const certificates = [authority, ...(known?.get(identity) ?? [])];
  const intermediates = sides.flatMap(({ authorities }) => authorities);
  return sides.every(
    ({ authorities: roots, members: [{ go }] }) =>
      identities(roots).split('\n').includes(identity) ||
      certificates.some(
        (certificate) =>
          verify(certificate, {
            roots,
            intermediates,
            usage: 'clientAuth',
            at: now,
            go,
          }).ok,
      ),
  );
}

/** Refusals by which a client shows that a member does not trust its CA. */
const untrusted: readonly Rule[] = [
  'x509.unknown-authority',
  'x509.same-name-other-key',
  'x509.missing-intermediate',
  'tls.certificate-left-out',
];

/** Where the largest side rejects a client, the client is at fault, which says nothing of the others. */
function supposedlyWrong([largest, next, ...others]: readonly Side[]): readonly Side[] {
  if (largest === undefined || next === undefined) return [];
  const isLargest = largest.members.length > next.members.length;
  return isLargest ? [next, ...others] : [largest, next, ...others];
}

function isShownByClients(sides: readonly Side[], forecast: readonly Edge[]): boolean {
  const names = new Set(sides.flatMap(({ members }) => members.map(({ name }) => name)));
  return forecast.some(
    (edge) =>
      edge.edge === 'client' &&
      // Supposed clients show nothing.
      edge.wanted === 'accepted' &&
      edge.outcome === 'refused' &&
      names.has(edge.member ?? '') &&
      [edge, ...(edge.next ?? [])].some(
        ({ refusedBy, rule }) => refusedBy === 'server' && untrusted.includes(rule),
      ),
  );
}

/** Clients whose CA all members trust connect to each of them. */
function openQuestion(each: string, { facts }: Context<Needs>): Verdict {
  const isAnswered = facts.clients.some(
    ({ known, certFile }) => known === 'settings' && certFile !== undefined,
  );
  if (isAnswered) return pass;
  return inconclusive(
    `members accept clients of different CAs (${each}), and no client was given`,
    "give the clients' settings with their certificates",
  );
}

/** The names of CAs; of those that have one in common, with the beginning of the fingerprint that openssl shows. */
function authorityNames(sides: readonly Side[]): (authority: Certificate) => string {
  const all = sides.flatMap(({ authorities }) => authorities);
  const namesakes = groupBy(all, ({ subject }) => subject.text);
  return (authority) => {
    const { subject, sha256 } = authority;
    const isShared = namesakes
      .get(subject.text)
      ?.some((other) => identities([other]) !== identities([authority]));
    return isShared === true ? `${subject.text} (SHA-256 ${beginningOf(sha256)}…)` : subject.text;
  };
}

/** As `openssl x509 -fingerprint` writes it. */
function beginningOf(sha256: string): string {
  return (sha256.slice(0, 16).toUpperCase().match(/../g) ?? []).join(':');
}

function describe(
  { authorities, members }: Side,
  nameOf: (authority: Certificate) => string,
): string {
  const names = [...new Set(authorities.map(nameOf))];
  const [{ setting }] = members;
  return `${enumerate(
    members.map(({ name }) => name),
    4,
  )}: ${enumerate(names, 4)} (${showOrigin(setting.origin)})`;
}
