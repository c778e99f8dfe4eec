import { InputError } from '../input-error.ts';
import type { Evidence, FactName } from '../model/evidence.ts';
import type { Preferences } from '../model/policy.ts';
import { severities } from '../model/severity.ts';

const schemaVersion = 1;

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
  const { schemaVersion: version, collectedAt, facts, gaps } = value;
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
  return problemInGaps(gaps) ?? problemInFacts(facts) ?? problemInPreferences(value);
}

const preferenceShapes: Readonly<Record<keyof Preferences, Shape>> = {
  expiryWarningDays: 'number',
  maximumLeafLifetimeDays: 'number',
  failOn: 'severity',
  strict: 'boolean',
  skip: 'list of text',
  only: 'list of text',
};

function problemInPreferences({
  preferences = {},
}: Readonly<Record<string, unknown>>): string | undefined {
  if (!isRecord(preferences)) return 'at preferences: an object is missing';
  const shapes = new Map<string, Shape>(Object.entries(preferenceShapes));
  for (const [name, preferred] of Object.entries(preferences)) {
    const shape = shapes.get(name);
    if (shape === undefined) return `at preferences.${name}: there is no such preference`;
    if (!has(preferred, shape)) return `at preferences.${name}: it is no ${shape}`;
  }
  return undefined;
}

function problemInGaps(gaps: Readonly<Record<string, unknown>>): string | undefined {
  const odd = Object.entries(gaps).find(([, because]) => typeof because !== 'string');
  return odd === undefined ? undefined : `at gaps.${odd[0]}: text is missing`;
}

/** What each item of a fact must have for anything to be judged. */
const itemShapes: Readonly<Record<Exclude<FactName, 'forecast'>, Readonly<Record<string, Shape>>>> =
  {
    files: { path: 'text', size: 'number', blocks: 'list', traps: 'list' },
    members: { name: 'text', target: 'map', settings: 'map', files: 'list', etcdVersion: 'map' },
    clients: { name: 'text', target: 'map', endpoints: 'map', files: 'list' },
    notUnderstood: { path: 'text', reason: 'text' },
    guesses: { about: 'text', conclusion: 'text', because: 'text' },
    endpoints: { target: 'map', endpoint: 'map', stages: 'list', speaks: 'text' },
    admissions: { target: 'map', endpoint: 'map', presented: 'text', outcome: 'text' },
    memberLists: { target: 'map', endpoint: 'map', members: 'list', outcome: 'text' },
    statuses: { target: 'map', endpoint: 'map', outcome: 'text' },
    offers: { target: 'map', endpoint: 'map', versions: 'list' },
    processes: { target: 'map', endpoint: 'map', pages: 'list' },
  };

type Shape = 'text' | 'number' | 'list' | 'map' | 'boolean' | 'severity' | 'list of text';

function problemInFacts(facts: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, items] of Object.entries(facts)) {
    const shape = Object.entries(itemShapes).find(([known]) => known === name)?.[1];
    if (shape === undefined) return `at facts.${name}: there is no such fact`;
    if (!Array.isArray(items)) return `at facts.${name}: a list is missing`;
    for (const [index, item] of items.entries()) {
      const key = Object.keys(shape).find(
        (each) => !isRecord(item) || !has(item[each], shape[each]),
      );
      if (key !== undefined)
        return `at facts.${name}[${index}].${key}: it is missing or no ${shape[key]}`;
    }
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
    case 'boolean':
      return typeof value === 'boolean';
    case 'severity':
      return severities.some((severity) => severity === value);
    case 'list of text':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    case undefined:
      return true;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
