import type { Flag } from './flags.ts';
import { readFeatureGates } from './feature-gates.ts';
import { isDuration, isNumber, parseBoolean } from './go-text.ts';
import type { RawValue } from './raw-settings.ts';
import { parseUrls } from './urls.ts';
import { type EtcdVersion, hasSince, isAtLeast } from './version.ts';
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
      return accept(readNumber(flag.name, text));
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

/** URLs, or `*` among them (pkg/flags/unique_urls.go). */
function readOrigins(text: string, version: EtcdVersion): FlagValue {
  const urls = text.split(',').filter((item) => item !== '*' && text !== '');
  const parsed = parseUrls(urls, version);
  return parsed.ok ? { ok: true, value: text } : parsed;
}

function readNumber(name: string, text: string): string | undefined {
  const isTaken = signed.has(name) || !/^[-+]/.test(text);
  return isTaken && isNumber(text) ? text : undefined;
}

function accept(value: RawValue | undefined): FlagValue {
  return value === undefined ? { ok: false, error: 'parse error' } : { ok: true, value };
}

function readUrls(text: string, version: EtcdVersion): FlagValue {
  const parsed = parseUrls(text.split(','), version);
  return parsed.ok ? { ok: true, value: parsed.urls.map((url) => url.text) } : parsed;
}

function splitList(name: string, text: string, version: EtcdVersion): readonly string[] {
  // Set("") makes a list of one empty string (pkg/flags/strings.go); a single value is then simply unset.
  if (onceSingle.has(name) && !hasSince(version, ['3.5.15'])) return text === '' ? [] : [text];
  return text.split(',');
}
