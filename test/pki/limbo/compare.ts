import { createHash } from 'node:crypto';
import type { Certificate } from '../../../src/model/certificate.ts';
import { type GoRelease, goRelease } from '../../../src/pki/go-release.ts';
import { parseCertificate, type ParsedCertificate } from '../../../src/pki/parse-certificate.ts';
import { readPem } from '../../../src/pki/pem.ts';
import { verify } from '../../../src/pki/verify.ts';

/** One case of x509-limbo, as far as Go's answer depends on it. */
export interface LimboCase {
  readonly id: string;
  readonly kind: 'SERVER' | 'CLIENT';
  readonly roots: readonly string[];
  readonly intermediates: readonly string[];
  readonly leaf: string;
  /** ISO 8601; absent where the moment of the recording counts. */
  readonly at?: string;
  readonly usages: readonly string[];
  readonly peerName?: { readonly kind: string; readonly value: string };
}

/** What one release of Go said. */
export interface Verdicts {
  readonly go: string;
  readonly cases: ReadonlyMap<string, { readonly result: string; readonly error: string }>;
  /** By SHA-256 of the DER, the refused ones only. */
  readonly parse: ReadonlyMap<string, string>;
}

export interface Difference {
  readonly what: string;
  readonly go: string;
  readonly expected: string;
  readonly actual: string;
}

export interface Comparison {
  readonly go: string;
  readonly verdicts: readonly [equal: number, all: number];
  readonly texts: readonly [equal: number, all: number];
  readonly parses: readonly [equal: number, all: number];
  readonly differences: readonly Difference[];
}

/** When the cases without a time of their own were judged, unless an error that was recorded says. */
export const usualMoment = '2026-11-23T21:00:00Z';

function recordingMoment(cases: readonly LimboCase[], recorded: Verdicts): string {
  for (const { id, at } of cases) {
    if (at !== undefined) continue;
    const [, moment] = /current time (\S+)/.exec(recorded.cases.get(id)?.error ?? '') ?? [];
    if (moment !== undefined) return moment;
  }
  return usualMoment;
}

export function compareWithGo(cases: readonly LimboCase[], recorded: Verdicts): Comparison {
  const go = goRelease(recorded.go);
  const certificates = new CertificateStore(go);
  const moment = recordingMoment(cases, recorded);
  const counts = { verdicts: 0, texts: 0, all: 0 };
  const differences: Difference[] = [];
  for (const limboCase of cases) {
    const expected = recorded.cases.get(limboCase.id);
    if (expected === undefined) continue;
    const actual = judge({ at: moment, ...limboCase }, certificates, go);
    counts.all += 1;
    const isSameVerdict = (actual === '') === (expected.result === 'SUCCESS');
    if (isSameVerdict) counts.verdicts += 1;
    if (isSameVerdict && actual === expected.error) counts.texts += 1;
    else differences.push(difference(limboCase.id, recorded.go, expected.error, actual));
  }
  const parses = compareParses(certificates, recorded, differences);
  return {
    go: recorded.go,
    verdicts: [counts.verdicts, counts.all],
    texts: [counts.texts, counts.all],
    parses,
    differences,
  };
}

function difference(what: string, go: string, expected: string, actual: string): Difference {
  return { what, go, expected, actual };
}

export function describeDifference({ what, go, expected, actual }: Difference): string {
  const [theirs, ours] = [expected || 'accepts', actual || 'accepts'];
  return `  ${what} (${go})\n    Go says: ${theirs}\n    we say:  ${ours}`;
}

function compareParses(
  certificates: CertificateStore,
  recorded: Verdicts,
  differences: Difference[],
): readonly [number, number] {
  let equal = 0;
  const all = certificates.all();
  for (const [sha256, parsed] of all) {
    const expected = recorded.parse.get(sha256) ?? '';
    const actual = parsed.ok ? '' : parsed.error.text;
    if (actual === expected) equal += 1;
    else differences.push(difference(`certificate ${sha256}`, recorded.go, expected, actual));
  }
  return [equal, all.size];
}

/** Parses each certificate once, pools included. */
class CertificateStore {
  readonly #go: GoRelease;
  readonly #byText = new Map<string, ParsedCertificate | 'no-pem'>();
  readonly #bySha256 = new Map<string, ParsedCertificate>();

  constructor(go: GoRelease) {
    this.#go = go;
  }

  get(pem: string): ParsedCertificate | 'no-pem' {
    const known = this.#byText.get(pem);
    if (known !== undefined) return known;
    const [block] = readPem(Buffer.from(pem), this.#go);
    if (block === undefined) return this.#remember(pem, 'no-pem');
    const sha256 = createHash('sha256').update(block.bytes).digest('hex');
    const parsed = this.#bySha256.get(sha256) ?? parseCertificate(block.bytes, this.#go);
    this.#bySha256.set(sha256, parsed);
    return this.#remember(pem, parsed);
  }

  all(): ReadonlyMap<string, ParsedCertificate> {
    return this.#bySha256;
  }

  pool(pems: readonly string[]): readonly Certificate[] {
    return pems.flatMap((pem) => {
      const parsed = this.get(pem);
      return parsed !== 'no-pem' && parsed.ok ? [parsed.certificate] : [];
    });
  }

  #remember(pem: string, parsed: ParsedCertificate | 'no-pem'): ParsedCertificate | 'no-pem' {
    this.#byText.set(pem, parsed);
    return parsed;
  }
}

/** The text of our error; empty for acceptance. */
function judge(
  limboCase: LimboCase & { readonly at: string },
  certificates: CertificateStore,
  go: GoRelease,
): string {
  const roots = certificates.pool(limboCase.roots);
  const intermediates = certificates.pool(limboCase.intermediates);
  const leaf = certificates.get(limboCase.leaf);
  if (leaf === 'no-pem') return 'no PEM block';
  if (!leaf.ok) return leaf.error.text;

  const hostName = hostNameOf(limboCase);
  const result = verify(leaf.certificate, {
    roots,
    intermediates,
    usage: usageOf(limboCase),
    at: new Date(limboCase.at),
    go,
    ...(hostName !== undefined && { hostName }),
  });
  return result.ok ? '' : result.error.text;
}

/** Addresses were given in brackets; clients have no name. */
export function hostNameOf({ peerName }: LimboCase): string | undefined {
  if (peerName === undefined || peerName.kind === 'RFC822') return undefined;
  return peerName.kind === 'IP' ? `[${peerName.value}]` : peerName.value;
}

export function usageOf({ usages, kind }: LimboCase): 'serverAuth' | 'clientAuth' {
  if (usages.length === 0) return kind === 'CLIENT' ? 'clientAuth' : 'serverAuth';
  return usages.includes('clientAuth') ? 'clientAuth' : 'serverAuth';
}

export function readLimbo(document: unknown): readonly LimboCase[] {
  return list(field(document, 'testcases')).map((entry): LimboCase => {
    const at = field(entry, 'validation_time');
    const peerName = field(entry, 'expected_peer_name');
    return {
      id: text(field(entry, 'id')),
      kind: field(entry, 'validation_kind') === 'CLIENT' ? 'CLIENT' : 'SERVER',
      roots: list(field(entry, 'trusted_certs')).map(text),
      intermediates: list(field(entry, 'untrusted_intermediates')).map(text),
      leaf: text(field(entry, 'peer_certificate')),
      usages: list(field(entry, 'extended_key_usage')).map(text),
      ...(typeof at === 'string' && { at }),
      ...(typeof peerName === 'object' &&
        peerName !== null && {
          peerName: { kind: text(field(peerName, 'kind')), value: text(field(peerName, 'value')) },
        }),
    };
  });
}

export function readVerdicts(document: unknown): Verdicts {
  const cases = Object.entries(Object(field(document, 'cases'))).map(
    ([id, verdict]) =>
      [
        id,
        { result: text(field(verdict, 'result')), error: text(field(verdict, 'error')) },
      ] as const,
  );
  const parse = Object.entries(Object(field(document, 'parse'))).map(
    ([sha256, error]) => [sha256, text(error)] as const,
  );
  return { go: text(field(document, 'go')), cases: new Map(cases), parse: new Map(parse) };
}

function field(value: unknown, name: string): unknown {
  const entry: unknown = Object.getOwnPropertyDescriptor(Object(value), name)?.value;
  return entry;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  if (typeof value !== 'string')
    throw new TypeError('the file is not in the form that is expected');
  return value;
}
