import type { DocumentEntry, DocumentNode, Setting } from '../model/settings.ts';
import {
  type ConfigKey,
  goSectionKey,
  goSectionNames,
  sectionKey,
  sectionNames,
  topLevelKey,
} from './config-keys.ts';
import { decodeValue, jsonType, unsupportedIn } from './config-values.ts';
import { cannotUnmarshal, type Place } from './json-errors.ts';
import type { RawValue, Reading } from './raw-settings.ts';
import { unknownKey } from './unknown-keys.ts';
import type { EtcdVersion } from './version.ts';
import type { ProblemReason } from '../model/problem-words.ts';
import type { Problems, SettingsProblem } from '../model/settings-problem.ts';

/** Reads etcd's configuration file as its YAML-to-JSON decoder does: loosely, the last of equal keys winning. */
export function readConfigFile(document: DocumentNode, version: EtcdVersion): Reading {
  if (document.kind === 'scalar' && document.value === null) {
    return { settings: new Map(), problems: [] };
  }
  if (document.kind !== 'map') {
    const says = `json: cannot unmarshal ${jsonType(document)} into Go value of type embed.configYAML`;
    return { settings: new Map(), problems: [refused('config-file', says, document)] };
  }

  const unsupported = unsupportedIn(document);
  if (unsupported?.kind === 'scalar') {
    const says = `json: unsupported value: ${unsupported.asText ?? ''}`;
    return { settings: new Map(), problems: [refused('config-file', says, unsupported)] };
  }

  const reader = new Map<string, Setting<RawValue>>();
  const problems = duplicates(document.entries);
  for (const entry of effective(document.entries)) {
    for (const problem of readTopLevel(entry, version, reader)) problems.push(problem);
  }
  return { settings: reader, problems };
}

type Settings = Map<string, Setting<RawValue>>;

function readTopLevel(entry: DocumentEntry, version: EtcdVersion, settings: Settings): Problems {
  const name = entry.key.toLowerCase();
  const section = sectionNames[name];
  if (section !== undefined) {
    return readSection(entry, settings, {
      written: name,
      field: name,
      type: 'embed.securityConfig',
      lookUp: (key) => sectionKey(section, key, version),
      unknown: (inner) => unknownKey(inner, section, version),
      version,
    });
  }
  const goSection = goSectionNames[name];
  if (goSection !== undefined) {
    return readSection(entry, settings, {
      written: entry.key,
      field: goSection.field,
      type: 'transport.TLSInfo',
      lookUp: (key) => goSectionKey(goSection.section, key, version),
      unknown: () => [],
      version,
    });
  }

  const key = topLevelKey(name, version);
  if (key === undefined) return unknownKey(entry, undefined, version);
  const place = { struct: key.struct, keys: [entry.key], fields: [key.field] } as const;
  return assign(entry, key, { written: name, place, version }, settings);
}

interface SectionReading {
  /** As the operator knows it. */
  readonly written: string;
  /** Go's names of the field and of its type. */
  readonly field: string;
  readonly type: string;
  readonly lookUp: (key: string) => ConfigKey | undefined;
  readonly unknown: (entry: DocumentEntry) => Problems;
  readonly version: EtcdVersion;
}

function readSection(
  { key, value }: DocumentEntry,
  settings: Settings,
  { written, field, type, lookUp, unknown, version }: SectionReading,
): Problems {
  if (value.kind === 'scalar' && value.value === null) return [];
  if (value.kind !== 'map') {
    const misfit = { found: jsonType(value), wanted: type };
    const place = { struct: 'configYAML', keys: [key], fields: [field] } as const;
    return [refused(key, cannotUnmarshal(misfit, place, version), value)];
  }

  return [
    ...duplicates(value.entries),
    ...effective(value.entries).flatMap((entry) => {
      const found = lookUp(entry.key.toLowerCase());
      if (found === undefined) return unknown(entry);
      const place = {
        struct: found.struct,
        keys: [key, entry.key],
        fields: [field, found.field],
      } as const;
      return assign(entry, found, { written: `${written}.${entry.key}`, place, version }, settings);
    }),
  ];
}

function assign(
  entry: DocumentEntry,
  key: ConfigKey,
  {
    written,
    place,
    version,
  }: { readonly written: string; readonly place: Place; readonly version: EtcdVersion },
  settings: Settings,
): Problems {
  const decoded = decodeValue(entry.value, key.type);
  if (!decoded.ok) {
    return [refused(written, cannotUnmarshal(decoded, place, version), entry.value, decoded.why)];
  }
  if (decoded.value !== undefined && key.setting !== undefined) {
    const origin = { via: 'config-file' as const, location: entry.location, name: written };
    settings.set(key.setting, { value: decoded.value, origin });
  }
  return [];
}

/** Equal keys: Go's decoder keeps the last. Sorted as the JSON in between is, where spellings differ in case. */
function effective(entries: readonly DocumentEntry[]): readonly DocumentEntry[] {
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  return [...last.values()].toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

function duplicates(entries: readonly DocumentEntry[]): SettingsProblem[] {
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  return entries
    .filter((entry) => last.get(entry.key) !== entry)
    .map(({ key, location }) => ({
      kind: 'duplicate-section' as const,
      name: key,
      location,
      why: 'duplicate-key' as const,
      values: { line: String(last.get(key)?.location.line ?? 0) },
    }));
}

function refused(
  name: string,
  says: string,
  { location }: DocumentNode,
  why: ProblemReason = 'unreadable-key',
): SettingsProblem {
  return { kind: 'refused-at-start', name, location, why, etcdSays: says };
}
