import type { Certificate } from '../model/certificate.ts';
import { buildChains, type Building, type Outcome } from './build-chains.ts';
import { findFault } from './find-fault.ts';
import { CertificatePool } from './certificate-pool.ts';
import { constrainChain } from './constrain-chain.ts';
import { type GoRelease, isPatchedSince, isSince } from './go-release.ts';
import { findHostNameFault } from './host-name.ts';
import { allows, type Usage } from './key-usage.ts';
import { isParseFault } from './malformed.ts';
import { decodedFor } from './parse-certificate.ts';
import { hasValidPolicies } from './policies.ts';
import type { Chain, Link, VerificationError } from './verification.ts';
import { notAuthorized } from './verification-texts.ts';

export type { VerificationError } from './verification.ts';

/** What one side knows and wants when it is shown a certificate. */
export interface VerifyOptions {
  readonly roots: readonly Certificate[];
  /** Those that came after the leaf. */
  readonly intermediates: readonly Certificate[];
  /** Absent when no name is asked for, as for clients. */
  readonly hostName?: string;
  readonly usage: Usage;
  readonly at: Date;
  readonly go: GoRelease;
}

/** Every good chain, leaf first, or the error that Go prints. */
export type Verification =
  | { readonly ok: true; readonly chains: readonly (readonly Certificate[])[] }
  | { readonly ok: false; readonly error: VerificationError };

/** Go's Certificate.Verify with pools of its own, as etcd and its clients call it. */
export function verify(leaf: Certificate, options: VerifyOptions): Verification {
  const { go, hostName, at } = options;
  const decoded = decodedFor(leaf, go);
  if (isParseFault(decoded)) {
    const { text } = decoded;
    return { ok: false, error: { kind: 'x509.malformed', text, certificate: leaf } };
  }
  const link: Link = { certificate: leaf, decoded };
  const roots = poolOf(options.roots, go);
  const building: Building = { roots, intermediates: poolOf(options.intermediates, go), at, go };
  const fault = findFault(link, 'leaf', [], building) ?? findNameFault(link, hostName, go);
  if (fault !== undefined) return { ok: false, error: fault };

  const built: Outcome = roots.has(leaf) ? { chains: [[link]] } : buildChains(link, building);
  if (built.error !== undefined) return { ok: false, error: built.error };
  const error = isSince(go, 26)
    ? judgeTogether(built.chains, link, options)
    : judgeInTurn(built.chains, link, options);
  return 'kind' in error ? { ok: false, error } : { ok: true, chains: error.chains };
}

const pools = new WeakMap<readonly Certificate[], Map<string, CertificatePool>>();

/** Lists of certificates do not change, so that a pool serves every verification by the same list. */
function poolOf(certificates: readonly Certificate[], go: GoRelease): CertificatePool {
  const byRelease = pools.get(certificates) ?? new Map<string, CertificatePool>();
  pools.set(certificates, byRelease);
  const known = byRelease.get(go.text);
  if (known !== undefined) return known;
  const pool = new CertificatePool(certificates, go);
  byRelease.set(go.text, pool);
  return pool;
}

function findNameFault(
  { certificate, decoded }: Link,
  hostName: string | undefined,
  go: GoRelease,
): VerificationError | undefined {
  if (hostName === undefined || hostName === '') return undefined;
  const fault = findHostNameFault(decoded, hostName, go);
  return fault && { ...fault, certificate };
}

type Judgement = VerificationError | { readonly chains: readonly (readonly Certificate[])[] };

function accepted(chains: readonly Chain[]): Judgement {
  return { chains: chains.map((chain) => chain.map(({ certificate }) => certificate)) };
}

function noValidChains(leaf: Link, detail: string): VerificationError {
  const text = `x509: no valid chains built${detail === '' ? '' : `: ${detail}`}`;
  return { kind: 'x509.policies', text, certificate: leaf.certificate };
}

function incompatibleUsage(leaf: Link, chains: readonly Chain[], usage: Usage): VerificationError {
  const text = 'x509: certificate specifies an incompatible key usage';
  const blamed = chains[0]?.findLast(({ certificate }) => !allows(certificate, usage));
  return { kind: 'x509.key-usage', text, certificate: (blamed ?? leaf).certificate };
}

function allowsUsage(chain: Chain, usage: Usage): boolean {
  return chain.every(({ certificate }) => allows(certificate, usage));
}

function isGoodPolicy(chain: Chain): boolean {
  return hasValidPolicies(chain.map(({ decoded }) => decoded));
}

/** Until 1.25: all chains by their policies (since 1.24), then all that are left by their usages. */
function judgeInTurn(chains: readonly Chain[], leaf: Link, options: VerifyOptions): Judgement {
  const isOneByOne = isSince(options.go, 24) && !isPatchedSince(options.go, [24, 4]);
  if (isOneByOne) return judgeOneByOne(chains, leaf, options);
  const good = isSince(options.go, 24) ? chains.filter(isGoodPolicy) : chains;
  if (good.length === 0) return noValidChains(leaf, 'all candidate chains have invalid policies');
  const usable = good.filter((chain) => allowsUsage(chain, options.usage));
  if (usable.length > 0) return accepted(usable);

  const lost = chains.length - good.length;
  if (lost === 0) return incompatibleUsage(leaf, good, options.usage);
  const detail = `${good.length} chains with incompatible key usage, ${lost} chains with invalid policies`;
  return noValidChains(leaf, detail);
}

/** From 1.24.0 to 1.24.3: each chain by its usages, then by its policies. */
function judgeOneByOne(chains: readonly Chain[], leaf: Link, { usage }: VerifyOptions): Judgement {
  const usable = chains.filter((chain) => allowsUsage(chain, usage));
  const good = usable.filter(isGoodPolicy);
  if (good.length > 0) return accepted(good);
  const policies = usable.length - good.length;
  return countFaults(leaf, chains, { usage, policies, usable: usable.length, noun: 'chains' });
}

/** Since 1.26: each chain by its policies, its usages and its names, the names being reported first. */
function judgeTogether(
  chains: readonly Chain[],
  leaf: Link,
  { usage, go }: VerifyOptions,
): Judgement {
  const policyFaults = chains.filter((chain) => !isGoodPolicy(chain));
  const sound = chains.filter((chain) => !policyFaults.includes(chain));
  const usable = sound.filter((chain) => allowsUsage(chain, usage));
  const faults = usable.map((chain) =>
    constrainChain(
      chain.map(({ decoded }) => decoded),
      go,
    ),
  );
  const good = usable.filter((chain, index) => faults[index] === undefined && isTrusted(chain, go));
  if (good.length > 0) return accepted(good);

  const fault = faults.find((text) => text !== undefined);
  if (fault !== undefined) {
    const certificate = usable[faults.indexOf(fault)]?.find(
      ({ decoded }) => decoded.nameConstraints !== undefined,
    )?.certificate;
    const text = notAuthorized(fault);
    return { kind: 'x509.name-constraints', text, certificate: certificate ?? leaf.certificate };
  }
  const policies = policyFaults.length;
  const noun = 'candidate chains';
  return countFaults(leaf, sound, { usage, policies, usable: usable.length, noun });
}

function countFaults(
  leaf: Link,
  sound: readonly Chain[],
  counts: {
    readonly usage: Usage;
    readonly policies: number;
    readonly usable: number;
    readonly noun: string;
  },
): VerificationError {
  const usages = sound.length - counts.usable;
  if (usages > 0 && counts.policies === 0) return incompatibleUsage(leaf, sound, counts.usage);
  const details = [
    ...(usages > 0 ? [`${usages} ${counts.noun} with incompatible key usage`] : []),
    ...(counts.policies > 0 ? [`${counts.policies} ${counts.noun} with invalid policies`] : []),
  ];
  return noValidChains(leaf, details.join(', '));
}

/** Keys that Go itself refuses, by SHA-256 of the SubjectPublicKeyInfo. */
const distrusted: ReadonlySet<string> = new Set([
  'ebed6475c2c2d80fcb199f3fe8dd6e6b3ce60b77eb15d4e42c3dec0c6f5b5105',
  '49dd353dc2b919a3770645117d0e60c16115e7d1bc259eefe734b00ea434fe5f',
  'e0254c7fcdc265e2f0f8a428dabb75ab4ae039b4872d62f5ee57f0877d5a8a41',
  '5c0660a2b164910d8ff589c18e14552e9e0ec237dcefe2cb736d41a4811f81a0',
  '43bffa19d6ef651451f6841e019931e96f6f2eaeff28ab4b6f1ce4576de2717b',
  '63ecefee431d49523bc1136c4e72d0206a477086caf606cd5cf025686c109cf8',
  'ec4ffa1ad0ac88081314b7aaffef6a91f97cd57291bb5ba686c5415f5eb4f6b6',
  '92c063d67e8f14db71d288e11266ffdaf69cbf115f7bab14f3bc2f68d25e0e30',
]);

/** 1.26.8 does not have the list and 1.26.11 does. */
function isTrusted(chain: Chain, go: GoRelease): boolean {
  if (!isPatchedSince(go, [26, 9])) return true;
  return chain.every(({ decoded }) => !distrusted.has(decoded.publicKey.sha256));
}
