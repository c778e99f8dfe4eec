import type { Certificate } from '../model/certificate.ts';
import type { Blame, Edge, NextRefusal } from '../model/forecast.ts';
import type { RefusalRule } from '../model/refusal.ts';
import type { Setting } from '../model/settings.ts';

import type { AlertKind } from './rules.ts';

/** What comes of a handshake: an edge without its two ends. */
export type Judgement = Pick<
  Edge,
  | 'outcome'
  | 'refusedBy'
  | 'rule'
  | 'clientError'
  | 'serverError'
  | 'blame'
  | 'remedy'
  | 'next'
  | 'dependsOn'
>;

/** Why one side refuses, before it is known what the other side prints of it. */
export interface Refusal {
  readonly rule: RefusalRule;
  /** In the words of the release that refuses; empty where they are not known. */
  readonly text: string;
  /** Where crypto/tls puts words of its own before the text: it parses certificates, then verifies them. */
  readonly said?: 'on-parsing' | 'on-verifying';
  /** Where the rule alone does not decide which alert a listener sends. */
  readonly alert?: AlertKind;
  readonly blame?: Blame;
  readonly remedy?: string;
  /** What the same side has against the other's chain, where names or dates come first. */
  readonly behind?: Refusal;
  /** Set where a process ends over a setting: what that decides of its connections. */
  readonly decides?: Decided;
  /** What has to hold for the refusal to come true, where files cannot decide. */
  readonly dependsOn?: readonly string[];
}

/** The part of a process's connections that a setting decides, and at which port, if at one alone. */
export interface Decided {
  /** `unknown` may be any of them, or who connects where. */
  readonly part:
    | 'none'
    | 'address'
    | 'credential'
    /** Names, revocation and source addresses, which come after the chain. */
    | 'details'
    /** The certificate with which a member connects. */
    | 'dialling'
    | 'negotiation'
    | 'trust'
    | 'unknown';
  readonly port?: 'client' | 'peer';
}

/** What one side makes of the other: nothing against it, a refusal, or something that files do not decide. */
export type Opinion =
  | { readonly kind: 'content'; readonly dependsOn?: readonly string[] }
  | { readonly kind: 'refuses'; readonly refusal: Refusal }
  | {
      readonly kind: 'undecided';
      readonly rule: RefusalRule;
      readonly dependsOn: readonly string[];
      readonly blame?: Blame;
      readonly remedy?: string;
    };

export const content: Opinion = { kind: 'content' };

export function refuses(refusal: Refusal): Opinion {
  return { kind: 'refuses', refusal };
}

export function undecided(
  rule: RefusalRule,
  dependsOn: readonly string[],
  more: { readonly blame?: Blame; readonly remedy?: string } = {},
): Opinion {
  return { kind: 'undecided', rule, dependsOn, ...more };
}

export function blameCertificate(certificate: Certificate, file?: string): Blame {
  return {
    ...(file !== undefined && { file }),
    subject: certificate.subject.text,
    serialNumber: certificate.serialNumber,
    sha256: certificate.sha256,
  };
}

export function nextOf(
  refusedBy: NextRefusal['refusedBy'],
  { rule, blame, remedy }: Pick<Refusal, 'rule' | 'blame' | 'remedy'>,
): NextRefusal {
  return { refusedBy, rule, ...(blame && { blame }), ...(remedy !== undefined && { remedy }) };
}

/** What the same side has against the other next. */
export function behind(
  refusedBy: NextRefusal['refusedBy'],
  opinion: Opinion,
): readonly NextRefusal[] {
  const deeper = opinion.kind === 'refuses' ? opinion.refusal.behind : undefined;
  return deeper === undefined ? [] : [nextOf(refusedBy, deeper)];
}

export function withNext(judgement: Judgement, next: readonly NextRefusal[]): Judgement {
  return next.length === 0 ? judgement : { ...judgement, next };
}

/** Points at the place where something was configured. */
export function blameSetting(setting: Setting<unknown> | undefined, file?: string): Blame {
  const location = setting?.origin.location;
  return { ...(file !== undefined && { file }), ...(location !== undefined && { location }) };
}

/** A refusal counts more than a doubt, and a doubt more than nothing. */
export function strongest(left: Opinion, right: Opinion): Opinion {
  if (left.kind === 'refuses' || right.kind === 'content') return left;
  if (right.kind === 'refuses' || left.kind === 'content') return right;
  return { ...left, dependsOn: [...left.dependsOn, ...right.dependsOn] };
}
