import type { Certificate } from '../model/certificate.ts';
import type { Blame } from '../model/forecast.ts';
import type { RefusalRule } from '../model/refusal.ts';
import type { GoRelease } from '../pki/go-release.ts';
import { allows } from '../pki/key-usage.ts';
import { anyTime } from '../pki/find-fault.ts';
import { verify, type VerificationError } from '../pki/verify.ts';
import {
  blameCertificate,
  content,
  type Opinion,
  type Refusal,
  refuses,
  undecided,
} from './judgement.ts';
import type { ChainOpinions } from './chain-opinions.ts';
import type { Anchors } from './material.ts';
import { rules } from './rules.ts';

/** One side's view of the chain that the other shows. */
export interface ChainQuestion {
  readonly chain: readonly [Certificate, ...Certificate[]];
  /** Where the chain comes from. */
  readonly file: string;
  readonly anchors: Anchors;
  readonly usage: 'serverAuth' | 'clientAuth';
  readonly hostName?: string;
  readonly at: Date;
  readonly go: GoRelease;
  /** Who verifies, for what is said of his operating system. */
  readonly verifier: string;
  /** CAs among the files given, and where each is. */
  readonly authorities: readonly Certificate[];
  readonly locate: (certificate: Certificate) => string | undefined;
  readonly opinions: ChainOpinions;
}

/** What Go's verification comes to; refusals hold the bare text of crypto/x509. */
export function judgeChain(question: ChainQuestion): Opinion {
  const { anchors } = question;
  switch (anchors.kind) {
    case 'broken':
      return refuses(anchors.refusal);
    case 'pool':
      return question.opinions.on(question, anchors, () =>
        judgeByPool(question, anchors.certificates, anchors.file),
      );
    case 'not-given':
      return judgeWithoutAnchors(question, (refusal) =>
        undecided('file.not-given', [`the content of ${anchors.files.join(', ')}`], refusal),
      );
    case 'system':
      return judgeWithoutAnchors(question, (refusal) => judgeBySystem(question, refusal));
  }
}

function judgeByPool(
  question: ChainQuestion,
  roots: readonly Certificate[],
  poolFile: string,
): Opinion {
  const result = ask(question, roots);
  if (result === undefined) return content;
  const refusal = explain(question, result, roots, poolFile);
  if (!comeFirst.has(refusal.rule)) return refuses(refusal);

  const { hostName: _hostName, ...chainAlone } = { ...question, at: anyTime };
  const deeper = ask(chainAlone, roots);
  if (deeper === undefined) return refuses(refusal);
  return refuses({ ...refusal, behind: explain(chainAlone, deeper, roots, poolFile) });
}

/** Go looks at these before it looks for a chain. */
const comeFirst: ReadonlySet<RefusalRule> = new Set([
  'x509.common-name-only',
  'x509.expired',
  'x509.host-name',
  'x509.not-yet-valid',
] as const);

type Complaint = Pick<VerificationError, 'kind' | 'text' | 'certificate' | 'hint'>;

/** An UnknownAuthorityError of Go, with or without a near miss. */
function isUntrusted({ kind, hint }: Complaint): boolean {
  return hint !== undefined || kind === 'x509.unknown-authority';
}

function ask(
  { chain, usage, hostName, at, go }: ChainQuestion,
  roots: readonly Certificate[],
  intermediates: readonly Certificate[] = chain.slice(1),
): Complaint | undefined {
  const options = { roots, intermediates, usage, at, go };
  const result = verify(chain[0], hostName === undefined ? options : { ...options, hostName });
  return result.ok ? undefined : result.error;
}

/** Decides what can be decided without knowing the roots: dates and names of the leaf, and its usages. */
function judgeWithoutAnchors(
  question: ChainQuestion,
  otherwise: (refusal: Refusal) => Opinion,
): Opinion {
  const complaint = ask(question, []);
  if (complaint === undefined) return content;
  if (!isUntrusted(complaint)) return refuses(explain(question, complaint, []));

  if (!allows(question.chain[0], question.usage)) {
    return refuses(
      explain(
        question,
        {
          kind: 'x509.key-usage',
          text: 'x509: certificate specifies an incompatible key usage',
        },
        [],
      ),
    );
  }
  return otherwise(explain(question, complaint, []));
}

/** A chain that ends in an authority found with the set is private, and no system trusts that. */
function judgeBySystem(question: ChainQuestion, refusal: Refusal): Opinion {
  const { chain, authorities, verifier } = question;
  const last = chain.at(-1) ?? chain[0];
  const isPrivate =
    isSelfIssued(last) || ask(question, authorities) === undefined || isIssuedBy(last, authorities);
  const dependsOn = [`the operating system of ${verifier} trusting ${last.issuer.text}`];
  if (!isPrivate) return undecided('x509.system-roots', dependsOn, refusal);

  const assumed = [`the operating system of ${verifier} not trusting ${last.issuer.text}`];
  return refuses({ ...refusal, rule: 'x509.system-roots', dependsOn: assumed });
}

function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return subject.raw === issuer.raw;
}

function isIssuedBy({ issuer }: Certificate, authorities: readonly Certificate[]): boolean {
  return authorities.some(({ subject }) => subject.raw === issuer.raw);
}

function explain(
  question: ChainQuestion,
  complaint: Complaint,
  roots: readonly Certificate[],
  poolFile?: string,
): Refusal {
  const { text, certificate } = complaint;
  const rule = ruleFor(question, complaint, roots);
  const blamed = certificate ?? question.chain[0];
  const file = fileOf(question, blamed) ?? poolFile;
  const { usage, hostName } = question;
  const last = question.chain.at(-1) ?? question.chain[0];
  const blame: Blame = { ...blameCertificate(blamed, file), ...namesLacking(rule, hostName) };
  const remedy = rules[rule].remedy({
    file: question.file,
    blamed: blamed.subject.text,
    ...(file !== undefined && { blamedFile: file }),
    ...(poolFile !== undefined && { poolFile }),
    issuer: last.issuer.text,
    isIssuerGiven: isSelfIssued(last) || isIssuedBy(last, [...roots, ...question.authorities]),
    usages:
      blamed === question.chain[0] ? [usage] : bothUsages.filter((each) => !allows(blamed, each)),
    ...(hostName !== undefined && { hostName }),
  });
  const alert = isUntrusted(complaint) ? ({ alert: 'unknown-authority' } as const) : {};
  return { rule, text, said: 'on-verifying', ...alert, blame, remedy };
}

const bothUsages = ['serverAuth', 'clientAuth'] as const;

function namesLacking(rule: string, hostName: string | undefined): Pick<Blame, 'names'> {
  const isAboutName = rule === 'x509.host-name' || rule === 'x509.common-name-only';
  return isAboutName && hostName !== undefined ? { names: [hostName] } : {};
}

function fileOf(
  { chain, file, locate }: ChainQuestion,
  certificate: Certificate,
): string | undefined {
  return chain.some(({ sha256 }) => sha256 === certificate.sha256) ? file : locate(certificate);
}

/** Distinguishes an intermediate that was left out from an authority that is not trusted. */
function ruleFor(
  question: ChainQuestion,
  { kind }: Complaint,
  roots: readonly Certificate[],
): Complaint['kind'] | 'x509.missing-intermediate' {
  if (kind !== 'x509.unknown-authority' || roots.length === 0) return kind;

  const { chain, authorities } = question;
  const helped = ask(question, roots, [...chain.slice(1), ...authorities]);
  return helped === undefined ? 'x509.missing-intermediate' : kind;
}
