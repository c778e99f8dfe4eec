import type { Flag } from './flags.ts';
import { isDuration, isNumber, parseBoolean } from './go-text.ts';
import type { RawValue } from './raw-settings.ts';
import { parseUrls } from './urls.ts';
import { type EtcdVersion, hasSince } from './version.ts';

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

/** Reads a flag's text as Go's flag package does for the flag's kind; variables are read alike. */
export function readFlagValue(flag: Flag, text: string, version: EtcdVersion): FlagValue {
  switch (flag.kind) {
    case 'boolean':
      return accept(parseBoolean(text));
    case 'number':
      return accept(isNumber(text) ? text : undefined);
    case 'duration':
      return accept(isDuration(text) ? text : undefined);
    case 'urls':
      return readUrls(text, version);
    case 'list':
      return accept(splitList(flag.name, text, version));
    case 'text':
    case 'ignored':
      return accept(text);
  }
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
