import type { Failure } from '../../model/check.ts';
import { fail, inconclusive, pass, type Known, type Verdict } from '../../model/check.ts';
import { type About, aboutFile } from '../../model/about.ts';
import type { RefusalRule } from '../../model/refusal.ts';
import type { Target } from '../../model/target.ts';
import { judgePair, type PairFault, type PairJudgement } from '../../deployment/pairs.ts';
import { describeUses, fileTarget, type Use, usesOf } from '../../deployment/certificate-uses.ts';
import { once } from '../../model/once.ts';
import { groupBy } from '../../model/group-by.ts';

/** The refusals that a pair which does not load is the cause of: its process fails on it. */
export const loadingRules = [
  'tls.key-of-another-certificate',
  'tls.key-of-another-type',
  'tls.unusable-key',
  'tls.swapped-files',
  'tls.no-pem',
  'x509.unsupported-curve',
  'x509.unparsable',
] as const satisfies readonly RefusalRule[];

/** A certificate file together with the key file that settings name with it. */
export interface Pair {
  readonly target: Target;
  readonly uses: readonly [Use, ...Use[]];
  /** Absent when one of the files was not given or not readable. */
  readonly judgement: PairJudgement | undefined;
}

/** Every distinct pair of files in use. Who uses the same two files shares one result. */
export const pairsOf = once((facts: Known<'files' | 'members' | 'clients'>): readonly Pair[] => {
  const pairs = groupBy(usesOf(facts), ({ certificate, key, owner }) =>
    JSON.stringify([
      certificate.file?.path ?? [owner, certificate.path],
      key?.file?.path ?? [owner, key?.path],
    ]),
  );
  return [...pairs.values()].map((uses) => ({
    target: targetOf(uses),
    uses,
    judgement: judgePair(uses[0]),
  }));
});

/** The pairs of which both files could be read. */
export function readablePairsOf(facts: Known<'files' | 'members' | 'clients'>): readonly Pair[] {
  return pairsOf(facts).filter(({ judgement }) => judgement !== undefined);
}

/** The same pairs, reported at the certificate file rather than at the key. */
export function atCertificate(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.map((pair) => {
    const { file } = pair.uses[0].certificate;
    return file === undefined ? pair : { ...pair, target: fileTarget(file, pair.uses) };
  });
}

/** Fails when the pair has exactly this fault. */
export function examinePair(
  { uses, judgement }: Pair,
  fault: PairFault,
  failure: (use: Use, judgement: PairJudgement) => Failure,
): Verdict {
  const [use] = uses;
  if (judgement === undefined) return inconclusive(whyUnknown(use), whatToGive(use));
  if (judgement.fault !== fault) return pass;

  const says = use.client === undefined ? 'etcd' : use.owner;
  return fail({
    about: uses.flatMap(aboutPair),
    cause: `${says} says: ${judgement.error?.text ?? 'nothing'}`,
    ...failure(use, judgement),
  });
}

/** Both files, by their paths in the settings of the process that loads them. */
function aboutPair({ owner, certificate, key }: Use): readonly About[] {
  const named = key === undefined ? [certificate] : [certificate, key];
  return named.flatMap(({ path, file }) => [
    aboutFile(path, owner),
    ...(file === undefined ? [] : [aboutFile(file.path, owner)]),
  ]);
}

/** `server and peer certificate of node1`, for the messages of pair checks. */
export function describePair({ uses }: Pair): string {
  return describeUses(uses);
}

function whyUnknown({ certificate, key, owner }: Use): string {
  const missing = [certificate, key].find(
    (named) => named !== undefined && named.file === undefined,
  );
  if (missing !== undefined) {
    const what = missing.unnamed === true ? `the private key of ${certificate.path}` : missing.path;
    return `the files given do not include ${what} of ${owner}`;
  }
  if (key === undefined) return `${owner} has a certificate, but its settings name no key`;
  const unread = [certificate, key].find(({ file }) => file?.unreadable !== undefined);
  return `${unread?.path ?? certificate.path} could not be read: ${unread?.file?.unreadable?.text ?? ''}`;
}

function whatToGive({ certificate, key, owner }: Use): string | undefined {
  if (certificate.file === undefined) return `give ${certificate.path} of ${owner}`;
  return key?.file === undefined ? `give the private key of ${certificate.path}` : undefined;
}

function targetOf(uses: readonly [Use, ...Use[]]): Target {
  const { key, certificate } = uses[0];
  const file = key?.file ?? certificate.file;
  if (file !== undefined) return fileTarget(file, uses);
  return { kind: 'file', name: key?.path ?? certificate.path, ...memberOf(uses[0]) };
}

function memberOf({ member }: Use): { readonly member?: string } {
  return member === undefined ? {} : { member: member.name };
}
