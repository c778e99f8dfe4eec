import { isDeepStrictEqual } from 'node:util';
import { InputError } from '../input-error.ts';
import type { Evidence } from '../model/evidence.ts';
import { publicData, withoutCredentials } from '../model/public-text.ts';
import { evidenceSchema } from '../schema/evidence.ts';
import { issueWords } from '../schema/issue-words.ts';
import { findForgedCertificate } from './forged-certificate.ts';

const schemaVersion = 3;

const hint = 'give a file that --save-evidence wrote';

/** Evidence as text, to be judged elsewhere. Throws rather than let a private key out. */
export function serializeEvidence(evidence: Evidence): string {
  const text = `${JSON.stringify({ schemaVersion, ...evidence }, undefined, 1)}\n`;
  if (holdsPrivateKey(text)) {
    // Not the operator's mistake: nothing that gets into evidence may hold a key.
    throw new Error('evidence holds a private key and was not written');
  }
  return text;
}

/**
 * Reads saved evidence back. Throws REPORT_MALFORMED, naming the file and the place in it, where anything
 * is missing, of another kind or unknown, or where a certificate is not what its DER says.
 */
export function parseEvidence(text: string, file: string): Evidence {
  const refuse = (what: string): InputError =>
    new InputError('REPORT_MALFORMED', `${file}: ${what}`, { hint });
  if (holdsPrivateKey(text)) throw refuse('contains a private key, which evidence must not');

  const { schemaVersion: version, ...evidence } = parseObject(text, refuse);
  if ('results' in evidence) throw refuse('is a report, not saved evidence');
  if (version !== schemaVersion) throw refuse(aboutVersion(version));
  const copy = copyBySchema(evidence, refuse);
  const [problem] = problemsIn(evidence, copy);
  if (problem !== undefined) throw refuse(problem);
  return publicData(isEvidence(evidence, copy) ? evidence : copy, derived, withoutCredentials);
}

/** Encoded parts of certificates, which were compared with their DER. */
const derived = new Set(['der', 'raw']);

function copyBySchema(evidence: object, refuse: (what: string) => InputError): Evidence {
  const { error, data } = evidenceSchema.safeParse(evidence);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  if (issue === undefined) throw refuse('cannot be read');
  const { path, what } = issueWords(issue, 'the evidence');
  throw refuse(`at ${placeOf(path)}: ${what}`);
}

/** Narrows instead of taking the schema's copy, which has its properties in another order. */
function isEvidence(value: object, copy: Evidence): value is Evidence {
  return isDeepStrictEqual(value, copy);
}

function aboutVersion(version: unknown): string {
  return typeof version === 'number'
    ? `at schemaVersion: this program reads version ${schemaVersion}, not ${version}; collect it again`
    : 'at schemaVersion: must be a number';
}

/** What no schema says: unknown properties, and certificates at odds with themselves. */
function* problemsIn(evidence: object, known: Evidence): Generator<string> {
  const unknown = findUnknown(evidence, known, []);
  if (unknown !== undefined) yield `at ${placeOf(unknown)}: unknown property`;
  const forged = findForgedCertificate(known);
  if (forged !== undefined) yield `at ${placeOf(forged)}: does not match its DER`;
}

function parseObject(
  text: string,
  refuse: (what: string) => InputError,
): Readonly<Record<string, unknown>> {
  const value = parseJson(text, refuse);
  if (!isRecord(value)) throw refuse('not an object');
  return value;
}

function parseJson(text: string, refuse: (what: string) => InputError): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('not JSON');
  }
}

function holdsPrivateKey(text: string): boolean {
  return pemKey.test(text) || base64Key.test(text);
}

/** A heading alone, as in the name of a file, gives nothing away. */
const pemKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\[nrt]|\s)*[\w+/=:]/;

/** How the base64 of keys begins: PKCS#8 of RSA, EC and Ed25519, PKCS#1, SEC1. No certificate begins so. */
const base64Key =
  /"(?:MII[\w+/]{3}IBADANBgkq|MI[GH][\w+/]AgEAMB|MC4CAQAwBQYDK2Vw|MI[GI][\w+/]{2,3}IBAAK|MHcCAQEE|MI[GH][\w+/]AgEBB)/;

/** The place of the first property that the schema does not name: its copy has none of those. */
function findUnknown(value: unknown, known: unknown, place: Place): Place | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const copy = new Map(Object.entries(known ?? {}));
  for (const [key, item] of Object.entries(value)) {
    if (!copy.has(key)) return [...place, key];
    const found = findUnknown(item, copy.get(key), [...place, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

type Place = readonly PropertyKey[];

function placeOf(place: Place = []): string {
  const parts = place.map((part) =>
    /^\d+$/.test(String(part)) ? `[${String(part)}]` : `.${String(part)}`,
  );
  return place.length === 0 ? 'the top' : parts.join('').replace(/^\./, '');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
