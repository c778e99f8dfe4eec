import type { Flag } from './flags.ts';
import { readFeatureGates } from './feature-gates.ts';
import { isDuration, parseBoolean, parseInteger } from './go-text.ts';
import type { RawValue } from './raw-settings.ts';
import { parseUrls } from './urls.ts';
import { type EtcdVersion, hasSince, isAtLeast } from './version.ts';
import { runsOnGo } from './go-release-of.ts';
import { quote } from '../pki/go-text.ts';

export type FlagValue =
  | { readonly ok: true; readonly value: RawValue }
  /** In Go's words, without what flag or variable it was. */
  | { readonly ok: false; readonly error: string };

/** These were one literal name each before they became comma lists. */
const onceSingle = new Set([
  'client-cert-allowed-hostname',
  'peer-cert-allowed-cn',
  'peer-cert-allowed-hostname',
]);

/**
 * Flags that take one of a few words, of which an empty one is none (etcdmain/config.go,
 * pkg/flags/selective_string.go).
 */
const choices: ReadonlyMap<string, readonly string[]> = new Map([
  ['discovery-fallback', ['exit', 'proxy']],
  ['initial-cluster-state', ['new', 'existing']],
  ['proxy', ['off', 'readonly', 'on']],
]);

/** Numbers that may be negative to Go's flag package. */
const signed = new Set([
  'backend-batch-limit',
  'compaction-batch-limit',
  'distributed-tracing-sampling-rate',
  'experimental-compaction-batch-limit',
  'experimental-distributed-tracing-sampling-rate',
  'max-learners',
  'quota-backend-bytes',
]);

/** Reads a flag's text as Go's flag package does for the flag's kind; variables are read alike. */
export function readFlagValue(flag: Flag, text: string, version: EtcdVersion): FlagValue {
  switch (flag.kind) {
    case 'boolean':
      return accept(parseBoolean(text));
    case 'number':
      return readNumber(flag.name, text, version);
    case 'duration':
      return accept(isDuration(text) ? text : undefined);
    case 'urls':
      return readUrls(text, version);
    case 'list':
      return accept(splitList(flag.name, text, version));
    case 'text':
      return readText(flag.name, text, version);
    case 'ignored':
      return accept(text);
  }
}

const deprecations = ['write-only', 'write-only-drop-data', 'gone'];

function readDeprecation(text: string, version: EtcdVersion): FlagValue {
  const known = [...deprecations, ...(isAtLeast(version, '3.6.0') ? [] : ['not-yet'])];
  const unknown = text.split(',').find((item) => !known.includes(item));
  return unknown === undefined
    ? { ok: true, value: text }
    : { ok: false, error: `invalid value ${quote(unknown)}` };
}

function readText(name: string, text: string, version: EtcdVersion): FlagValue {
  if (choices.get(name)?.includes(text) === false) return { ok: false, error: 'invalid value' };
  if (name === 'v2-deprecation') return readDeprecation(text, version);
  if (name === 'cors' && isAtLeast(version, '3.4.0')) return readOrigins(text, version);
  const gates = name === 'feature-gates' ? readFeatureGates(text, version) : undefined;
  return gates?.ok === false ? gates : { ok: true, value: text };
}

/** URLs, or `*` alone (pkg/flags/unique_urls.go). */
function readOrigins(text: string, version: EtcdVersion): FlagValue {
  const parsed = parseUrls(text === '*' ? [] : text.split(','), version);
  return parsed.ok ? { ok: true, value: text } : parsed;
}

/** As decimal digits, whatever base it is written in. Go 1.13 brought underscores, `0b` and `0o`. */
function readNumber(name: string, text: string, version: EtcdVersion): FlagValue {
  const isSigned = signed.has(name);
  const isTaken =
    (isSigned || !/^[-+]/.test(text)) &&
    (runsOnGo(version, '1.13') || !/_|^[-+]?0[bBoO]/.test(text));
  const value = isTaken ? parseInteger(text) : undefined;
  const isShort = name === 'max-concurrent-streams';
  const wrong = (short: string, long: string): FlagValue => ({
    ok: false,
    error: isShort ? `strconv.ParseUint: parsing ${quote(text)}: ${short}` : long,
  });
  if (value === undefined) return wrong('invalid syntax', 'parse error');
  const bits = isShort ? 32n : 64n;
  const [least, most] = isSigned ? [-(2n ** (bits - 1n)), 2n ** (bits - 1n)] : [0n, 2n ** bits];
  if (value >= least && value < most) return { ok: true, value: String(value) };
  return wrong('value out of range', 'value out of range');
}

function accept(value: RawValue | undefined): FlagValue {
  return value === undefined ? { ok: false, error: 'parse error' } : { ok: true, value };
}

function readUrls(text: string, version: EtcdVersion): FlagValue {
  const parsed = parseUrls(text.split(','), version);
  return parsed.ok ? { ok: true, value: parsed.urls.map((url) => url.text) } : parsed;
}

/**
 * Whether a value on the command line leaves the list of URLs as it is: an empty one, or one of the URLs that the same
 * flag gave before (pkg/flags/unique_urls.go, since 3.4).
 */
export function leavesUrls(
  { name, kind }: Flag,
  text: string,
  before: RawValue | undefined,
  version: EtcdVersion,
): boolean {
  if (kind !== 'urls') return false;
  // Until 3.3 those for metrics are a text, of which an empty one counts as unset (etcdmain/config.go).
  if (!isAtLeast(version, '3.4.0')) return name === 'listen-metrics-urls' && text === '';
  const urls = typeof before === 'object' ? before : [];
  return (
    text === '' ||
    urls.some((url) => url.replace(/^\w+/, (scheme) => scheme.toLowerCase()) === text)
  );
}

function splitList(name: string, text: string, version: EtcdVersion): readonly string[] {
  // Set("") makes a list of one empty string (pkg/flags/strings.go); a single value is then simply unset.
  if (onceSingle.has(name) && !hasSince(version, ['3.5.15'])) return text === '' ? [] : [text];
  return text.split(',');
}
