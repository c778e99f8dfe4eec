import { DerReader, tag } from './der-reader.ts';
import {
  type BasicConstraints,
  checkAuthorityInfoAccess,
  type PolicyMapping,
  readAuthorityKeyId,
  readBasicConstraints,
  readDistributionPoints,
  readExtendedKeyUsage,
  readInhibitAnyPolicy,
  readKeyUsage,
  readPolicies,
  readPolicyConstraints,
  readPolicyMappings,
  readSubjectKeyId,
} from './extension-values.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { quote } from './go-text.ts';
import { Malformed } from './malformed.ts';
import { type Constraints, readNameConstraints } from './name-constraints.ts';
import { type AltNames, hasNames, readSubjectAltName } from './subject-alt-name.ts';

/** One extension, unread. */
export interface Extension {
  readonly objectIdentifier: string;
  readonly isCritical: boolean;
  readonly value: Uint8Array;
}

/** The extensions as Go understands them. Each field is always there: objects of one shape are read faster. */
export interface Extensions {
  readonly extensions: readonly Extension[];
  readonly keyUsage: number | undefined;
  readonly basicConstraints: BasicConstraints | undefined;
  readonly altNames: AltNames | undefined;
  /** Go looks for loops by the bytes of these. */
  readonly altNamesValue: Uint8Array | undefined;
  readonly nameConstraints: (Constraints & { readonly isCritical: boolean }) | undefined;
  readonly distributionPoints: readonly string[];
  readonly authorityKeyId: Uint8Array | undefined;
  readonly subjectKeyId: Uint8Array | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly policies: readonly string[];
  readonly policyMappings: readonly PolicyMapping[];
  readonly requireExplicitPolicy: bigint | undefined;
  readonly inhibitPolicyMapping: bigint | undefined;
  readonly inhibitAnyPolicy: bigint | undefined;
  readonly unhandledCritical: readonly string[];
}

type Draft = { -readonly [Field in keyof Extensions]: Extensions[Field] };

export function readExtensions(list: Uint8Array | 'none', go: GoRelease): Extensions {
  const extensions = list === 'none' ? [] : splitExtensions(list, go);
  const unhandled: string[] = [];
  const draft: Draft = {
    extensions,
    keyUsage: undefined,
    basicConstraints: undefined,
    altNames: undefined,
    altNamesValue: undefined,
    nameConstraints: undefined,
    distributionPoints: [],
    authorityKeyId: undefined,
    subjectKeyId: undefined,
    extendedKeyUsage: undefined,
    policies: [],
    policyMappings: [],
    requireExplicitPolicy: undefined,
    inhibitPolicyMapping: undefined,
    inhibitAnyPolicy: undefined,
    unhandledCritical: unhandled,
  };
  for (const extension of extensions) {
    const read = readers.get(extension.objectIdentifier);
    const isHandled = read?.(draft, extension, go) ?? false;
    if (extension.isCritical && !isHandled) unhandled.push(extension.objectIdentifier);
  }
  return draft;
}

function splitExtensions(list: Uint8Array, go: GoRelease): readonly Extension[] {
  const reader = new DerReader(list, () => !isSince(go, 21)).enter(tag.sequence);
  if (reader === undefined) throw new Malformed('x509: malformed extensions');
  const extensions: Extension[] = [];
  const seen = new Set<string>();
  while (!reader.isEmpty) {
    const extension = readExtension(reader);
    const { objectIdentifier } = extension;
    if (seen.has(objectIdentifier) && isSince(go, 19)) {
      throw new Malformed(
        isSince(go, 23)
          ? `x509: certificate contains duplicate extension with OID ${quote(objectIdentifier)}`
          : 'x509: certificate contains duplicate extensions',
      );
    }
    seen.add(objectIdentifier);
    extensions.push(extension);
  }
  return extensions;
}

/** Reads one Extension of a certificate or of a revocation list. */
export function readExtension(list: DerReader): Extension {
  const fields = list.enter(tag.sequence);
  if (fields === undefined) throw new Malformed('x509: malformed extension');
  const objectIdentifier = fields.objectIdentifier();
  if (objectIdentifier === undefined) throw new Malformed('x509: malformed extension OID field');
  const isCritical = fields.peek(tag.boolean) ? fields.boolean() : false;
  if (isCritical === undefined) throw new Malformed('x509: malformed extension critical field');
  const value = fields.content(tag.octetString);
  if (value === undefined) throw new Malformed('x509: malformed extension value field');
  return { objectIdentifier, isCritical, value };
}

/** Gives whether Go handles what it found. */
type Read = (draft: Draft, extension: Extension, go: GoRelease) => boolean;

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['2.5.29.14', readKeyId],
  ['2.5.29.15', always((draft, { value }) => (draft.keyUsage = readKeyUsage(value)))],
  ['2.5.29.17', readNames],
  [
    '2.5.29.19',
    always((draft, { value }, go) => (draft.basicConstraints = readBasicConstraints(value, go))),
  ],
  ['2.5.29.30', readConstraints],
  [
    '2.5.29.31',
    always((draft, { value }) => (draft.distributionPoints = readDistributionPoints(value))),
  ],
  ['2.5.29.32', always((draft, { value }, go) => (draft.policies = readPolicies(value, go)))],
  ['2.5.29.33', since24((draft, { value }) => (draft.policyMappings = readPolicyMappings(value)))],
  ['2.5.29.35', readIssuerKeyId],
  ['2.5.29.36', since24((draft, { value }) => Object.assign(draft, readPolicyConstraints(value)))],
  [
    '2.5.29.37',
    always((draft, { value }) => (draft.extendedKeyUsage = readExtendedKeyUsage(value))),
  ],
  [
    '2.5.29.54',
    since24((draft, { value }) => (draft.inhibitAnyPolicy = readInhibitAnyPolicy(value))),
  ],
  ['1.3.6.1.5.5.7.1.1', readInfoAccess],
]);

function always(read: (draft: Draft, extension: Extension, go: GoRelease) => unknown): Read {
  return (draft, extension, go) => {
    read(draft, extension, go);
    return true;
  };
}

/** Policies are processed since 1.24; what belongs to them was unknown before. */
function since24(read: (draft: Draft, extension: Extension) => unknown): Read {
  return (draft, extension, go) => {
    if (!isSince(go, 24)) return false;
    read(draft, extension);
    return true;
  };
}

function refuseCritical({ isCritical }: Extension, name: string, go: GoRelease): void {
  if (isCritical && isSince(go, 23)) {
    throw new Malformed(`x509: ${name} incorrectly marked critical`);
  }
}

function readKeyId(draft: Draft, extension: Extension, go: GoRelease): boolean {
  refuseCritical(extension, 'subject key identifier', go);
  draft.subjectKeyId = readSubjectKeyId(extension.value);
  return true;
}

function readIssuerKeyId(draft: Draft, extension: Extension, go: GoRelease): boolean {
  refuseCritical(extension, 'authority key identifier', go);
  draft.authorityKeyId = readAuthorityKeyId(extension.value);
  return true;
}

function readInfoAccess(_: Draft, extension: Extension, go: GoRelease): boolean {
  refuseCritical(extension, 'authority info access', go);
  checkAuthorityInfoAccess(extension.value, go);
  return true;
}

function readNames(draft: Draft, { value }: Extension, go: GoRelease): boolean {
  draft.altNamesValue = value;
  draft.altNames = readSubjectAltName(value, go);
  return hasNames(draft.altNames);
}

function readConstraints(draft: Draft, { value, isCritical }: Extension, go: GoRelease): boolean {
  draft.nameConstraints = { ...readNameConstraints(value, go), isCritical };
  return !draft.nameConstraints.hasUnknown;
}
