import { InputError } from '../input-error.ts';
import type { CollectedFacts, Evidence } from '../model/evidence.ts';

const schemaVersion = 2;

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

/** Reads saved evidence back. Throws REPORT_MALFORMED, naming the file and the place in it. */
export function parseEvidence(text: string, file: string): Evidence {
  const refuse = (what: string): InputError =>
    new InputError('REPORT_MALFORMED', `${file}: ${what}`, { hint });
  if (holdsPrivateKey(text)) throw refuse('it holds a private key, which evidence never does');

  const value = parseJson(text, refuse);
  const problem = problemIn(value);
  if (problem !== undefined) throw refuse(problem);
  if (!isEvidenceFile(value)) throw refuse('it is no evidence');
  const { schemaVersion: _known, ...evidence } = value;
  return evidence;
}

function parseJson(text: string, refuse: (what: string) => InputError): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('it is not JSON');
  }
}

function holdsPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) || base64Keys.test(text);
}

/** How the base64 of keys begins: PKCS#8 of RSA, EC and Ed25519, PKCS#1, SEC1. No certificate begins so. */
const base64Keys =
  /"(?:MII[\w+/]{3}IBADANBgkq|MI[GH][\w+/]AgEAMB|MC4CAQAwBQYDK2Vw|MI[GI][\w+/]{2,3}IBAAK|MHcCAQEE|MI[GH][\w+/]AgEBB)/;

interface EvidenceFile extends Evidence {
  readonly schemaVersion: typeof schemaVersion;
}

function isEvidenceFile(value: unknown): value is EvidenceFile {
  return problemIn(value) === undefined;
}

function problemIn(value: unknown): string | undefined {
  if (!isRecord(value)) return 'it is no object';
  const { schemaVersion: version, collectedAt, facts, gaps, host } = value;
  if (version !== schemaVersion) {
    return typeof version === 'number'
      ? `at schemaVersion: this program reads version ${schemaVersion} and not ${version}`
      : 'at schemaVersion: a number is missing';
  }
  if (typeof collectedAt !== 'string' || Number.isNaN(Date.parse(collectedAt))) {
    return 'at collectedAt: a date is missing';
  }
  if (!isRecord(facts)) return 'at facts: an object is missing';
  if (!isRecord(gaps)) return 'at gaps: an object is missing';
  return problemInHost(host) ?? problemInGaps(gaps) ?? problemInFacts(facts);
}

function problemInHost(host: unknown): string | undefined {
  return host === undefined || typeof host === 'string' ? undefined : 'at host: it is no text';
}

function problemInGaps(gaps: Readonly<Record<string, unknown>>): string | undefined {
  const odd = Object.entries(gaps).find(([, because]) => typeof because !== 'string');
  return odd === undefined ? undefined : `at gaps.${odd[0]}: text is missing`;
}

/** What each fact must have for anything to be judged: in each of its items, or in itself. */
const factShapes: Readonly<
  Record<keyof CollectedFacts, Readonly<Record<string, Shape>> | 'list of text'>
> = {
  files: { path: 'text', size: 'number', blocks: 'list', traps: 'list' },
  texts: 'list of text',
  notUnderstood: { path: 'text', reason: 'text' },
  settings: { members: 'list', clients: 'list' },
  inventory: {
    path: 'text',
    members: 'list',
    clients: 'list',
    maps: 'list',
    dns: 'map',
    config: 'map',
  },
  endpoints: { target: 'map', endpoint: 'map', stages: 'list', speaks: 'text' },
  admissions: { target: 'map', endpoint: 'map', presented: 'text', outcome: 'text' },
  memberLists: { target: 'map', endpoint: 'map', members: 'list', outcome: 'text' },
  statuses: { target: 'map', endpoint: 'map', outcome: 'text' },
  offers: { target: 'map', endpoint: 'map', versions: 'list' },
  processes: { target: 'map', endpoint: 'map', pages: 'list' },
};

/** The facts that are one thing, where all others are lists. */
const single: ReadonlySet<string> = new Set(['settings', 'inventory']);

type Shape = 'text' | 'number' | 'list' | 'map' | 'list of text';

function problemInFacts(facts: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, fact] of Object.entries(facts)) {
    const shape = Object.entries(factShapes).find(([known]) => known === name)?.[1];
    if (shape === undefined) return `at facts.${name}: there is no such fact`;
    const problem = problemInFact(fact, `facts.${name}`, { shape, isSingle: single.has(name) });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

interface FactShape {
  readonly shape: Readonly<Record<string, Shape>> | 'list of text';
  readonly isSingle: boolean;
}

function problemInFact(
  fact: unknown,
  place: string,
  { shape, isSingle }: FactShape,
): string | undefined {
  if (shape === 'list of text') {
    return has(fact, shape) ? undefined : `at ${place}: a list of text is missing`;
  }
  if (!isSingle && !Array.isArray(fact)) return `at ${place}: a list is missing`;
  const items = isSingle
    ? [[place, fact] as const]
    : (Array.isArray(fact) ? fact : []).map(
        (item: unknown, index) => [`${place}[${index}]`, item] as const,
      );
  for (const [where, item] of items) {
    const key = Object.keys(shape).find((each) => !isRecord(item) || !has(item[each], shape[each]));
    if (key !== undefined) return `at ${where}.${key}: it is missing or no ${shape[key]}`;
  }
  return undefined;
}

function has(value: unknown, shape: Shape | undefined): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'list':
      return Array.isArray(value);
    case 'map':
      return isRecord(value);
    case 'list of text':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    case undefined:
      return true;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
