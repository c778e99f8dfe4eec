import { oncePerText } from '../model/once.ts';

/** Which parser crypto/x509 has: encoding/asn1 until 1.16, its own since. */
type ParserKind = 'encoding-asn1' | 'cryptobyte';

/** When name constraints are checked, and of which certificates. */
type NameConstraintsKind =
  /** Until 1.20: of the leaf and of the CA that is being added. */
  | 'leaf-and-authority'
  /** 1.21 to 1.25: of every certificate below the CA that is being added. */
  | 'all-below'
  /** Since 1.26: of every certificate below, when the chain is complete. */
  | 'complete-chain';

/** A release of Go and the rules of its crypto/x509 that changed over time. */
export interface GoRelease {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** False where the release is newer or older than those that were looked up; the nearest rules apply. */
  readonly known: boolean;
  readonly parser: ParserKind;
  readonly nameConstraints: NameConstraintsKind;
  /** GODEBUG x509negativeserial=1, which is the default of modules that ask for a Go before 1.23. */
  readonly acceptsNegativeSerials?: true;
  /** GODEBUG rsa1024min=0, which is the default of modules that ask for a Go before 1.24. */
  readonly acceptsSmallRsaKeys?: true;
  /** GODEBUG tlsrsakex=1, which is the default of modules that ask for a Go before 1.22. */
  readonly offersRsaKeyExchange?: true;
  /** GODEBUG tls3des=1, which is the default of modules that ask for a Go before 1.23. */
  readonly offersTripleDes?: true;
  /** GODEBUG tlssha1=1, which is the default of modules that ask for a Go before 1.25: for handshakes of TLS 1.2. */
  readonly signsWithSha1?: true;
  /** GODEBUG x509sha1=1, which Go has from 1.18 to 1.23. */
  readonly acceptsSha1Signatures?: true;
}

const oldest = 12;
const newest = 27;
/** What is supposed of a text that names no release. */
const supposedMinor = 25;

/** Above every patch release that there is. */
const lastPatch = 999;

/**
 * Reads `1.23.8`, `go1.23.8`, `1.23` or `go1.24.4 X:nocoverageredesign`.
 *
 * A minor release alone means its newest patch release. Never throws: what cannot be read gives a
 * current release with `known: false`.
 */
export const goRelease: (text: string) => GoRelease = oncePerText((text) => {
  const match = /^\s*(?:go)?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  const [, major = '1', written = String(supposedMinor), patchText = String(lastPatch)] =
    match ?? [];
  const minor = major === '1' ? Math.min(Math.max(Number(written), oldest), newest) : newest;
  const isExact = major === '1' && minor === Number(written);
  return {
    text: text.trim(),
    major: 1,
    minor,
    patch: isExact ? Number(patchText) : lastPatch,
    known: match !== null && isExact,
    parser: minor < 17 ? 'encoding-asn1' : 'cryptobyte',
    nameConstraints: constraintsKind(minor),
  };
});

/** Whether a build has the cryptography of BoringSSL: `go1.16.15b7` of Google's own toolchains, or by experiment. */
export function hasBoringCrypto(text: string): boolean {
  return (
    text.toLowerCase().includes('b') &&
    /^\s*(?:go)?\d+\.\d+(?:\.\d+)?b\d+\b|(?:[\s-]X:(?:\w+,)*|\+)boringcrypto\b/i.test(text)
  );
}

/** How a release stands to those that were looked up; undefined for one of them. */
export function standingOfGo(text: string): 'older' | 'newer' | undefined {
  const [, major, minor] = /^\s*(?:go)?(\d+)\.(\d+)/.exec(text) ?? [];
  if (major === undefined || goRelease(text).known) return undefined;
  return Number(major) < 1 || (major === '1' && Number(minor) < oldest) ? 'older' : 'newer';
}

/** The Go releases whose rules are known, and the last but one of them. */
export const knownGo = {
  oldest: `1.${oldest}`,
  previous: `1.${newest - 1}`,
  newest: `1.${newest}`,
};

function constraintsKind(minor: number): NameConstraintsKind {
  if (minor < 21) return 'leaf-and-authority';
  return minor < 26 ? 'all-below' : 'complete-chain';
}

/** Whether the release is of this minor or a later one. */
export function isSince(go: GoRelease, minor: number): boolean {
  return go.minor >= minor;
}

/**
 * Whether the release has a change that came in patch releases: `1.24.8` and `1.25.2` are written
 * `[24, 8], [25, 2]`, and every later minor has it too.
 */
export function isPatchedSince(
  go: GoRelease,
  ...patches: readonly (readonly [minor: number, patch: number])[]
): boolean {
  for (const patch of patches) if (patch[0] === go.minor) return go.patch >= patch[1];
  return patches.every((patch) => go.minor > patch[0]);
}

/** A release that notes whether anything was asked of it: what asked nothing holds for every release. */
export function noting(go: GoRelease): {
  readonly release: GoRelease;
  readonly wasAsked: () => boolean;
} {
  const noted = { wasAsked: false };
  const release = new Proxy(go, {
    get(asked, name: keyof GoRelease) {
      noted.wasAsked = true;
      return asked[name];
    },
  });
  return { release, wasAsked: () => noted.wasAsked };
}

/** For questions that name no release, such as what a file holds. */
export const currentGo: GoRelease = goRelease('1.26');
