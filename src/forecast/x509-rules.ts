import type { RefusalRule } from '../model/refusal.ts';

/** Stable rule ids for what crypto/x509 says, most specific first. */
const rules: readonly (readonly [RegExp, RefusalRule])[] = [
  [/verification (?:error|failure)" while trying/, 'x509.same-name-other-key'],
  [/cannot sign this kind of certificate/, 'x509.issuer-not-an-authority'],
  [/insecure algorithm/, 'x509.insecure-signature'],
  [/signed by unknown authority/, 'x509.unknown-authority'],
  [/not yet valid: current time \S+ is before/, 'x509.not-yet-valid'],
  [/has expired or is not yet valid/, 'x509.expired'],
  [/legacy Common Name/, 'x509.common-name-only'],
  [
    /certificate is valid for|not valid for any names|doesn't contain any IP SANs/,
    'x509.host-name',
  ],
  [/incompatible key usage/, 'x509.key-usage'],
  [/path length/, 'x509.path-length'],
  [/not authorized to sign for this name/, 'x509.name-constraints'],
  [/unhandled critical extension/, 'x509.critical-extension'],
  [/not authorized to sign other certificates/, 'x509.issuer-not-an-authority'],
];

/** What a certificate is refused by that Go does not even read. */
export const malformedRule = 'x509.malformed' satisfies RefusalRule;

export function x509Rule(text: string): RefusalRule {
  return rules.find(([pattern]) => pattern.test(text))?.[1] ?? 'x509.policies';
}

/** Whether a chain failed to end in an anchor, for whatever reason. */
export function isUnknownAuthority(text: string): boolean {
  return text.includes('signed by unknown authority');
}
