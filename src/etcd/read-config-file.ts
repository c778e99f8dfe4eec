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
import { runsOnGo } from './go-release-of.ts';
import type { RawValue, Reading } from './raw-settings.ts';
import { unknownKey } from './unknown-keys.ts';
import type { EtcdVersion } from './version.ts';
import type { ProblemReason, SettingsProblem } from '../model/settings-problem.ts';

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

function readTopLevel(
  entry: DocumentEntry,
  version: EtcdVersion,
  settings: Settings,
): readonly SettingsProblem[] {
  const name = entry.key.toLowerCase();
  const section = sectionNames[name];
  if (section !== undefined) {
    return readSection(entry, settings, {
      path: { written: name, decoded: decodedPath(name, version) },
      lookUp: (key) => sectionKey(section, key, version),
      unknown: (inner) => unknownKey(inner, section, version),
    });
  }
  const goSection = goSectionNames[name];
  if (goSection !== undefined) {
    return readSection(entry, settings, {
      path: { written: entry.key, decoded: entry.key },
      lookUp: (key) => goSectionKey(goSection, key, version),
      unknown: () => [],
    });
  }

  const key = topLevelKey(name, version);
  if (key === undefined) return unknownKey(entry, undefined, version);
  return assign(entry, key, { written: name, decoded: decodedPath(name, version) }, settings);
}

/** A key's place as the operator knows it, and as the decoder's errors name it. */
interface KeyPath {
  readonly written: string;
  readonly decoded: string;
}

/** From Go 1.24 on encoding/json names the embedded structs on the way, of which etcd has two. */
function decodedPath(name: string, version: EtcdVersion): string {
  if (!runsOnGo(version, '1.24')) return name;
  const translated =
    /^(?:(?:client|peer)-transport-security|listen-(?:client|peer|client-http)-urls|(?:initial-)?advertise-(?:client|peer)-urls|cors|host-whitelist|feature-gates)$/;
  return `${translated.test(name) ? 'configJSON' : 'Config'}.${name}`;
}

interface SectionReading {
  readonly path: KeyPath;
  readonly lookUp: (key: string) => ConfigKey | undefined;
  readonly unknown: (entry: DocumentEntry) => readonly SettingsProblem[];
}

function readSection(
  { key, value }: DocumentEntry,
  settings: Settings,
  { path, lookUp, unknown }: SectionReading,
): readonly SettingsProblem[] {
  if (value.kind === 'scalar' && value.value === null) return [];
  if (value.kind !== 'map') {
    const says = `json: cannot unmarshal ${jsonType(value)} into Go struct field configYAML.${path.decoded} of type embed.securityConfig`;
    return [refused(key, says, value)];
  }

  return [
    ...duplicates(value.entries),
    ...effective(value.entries).flatMap((entry) => {
      const found = lookUp(entry.key.toLowerCase());
      if (found === undefined) return unknown(entry);
      const inner = {
        written: `${path.written}.${entry.key}`,
        decoded: `${path.decoded}.${entry.key}`,
      };
      return assign(entry, found, inner, settings);
    }),
  ];
}

function assign(
  entry: DocumentEntry,
  key: ConfigKey,
  path: KeyPath,
  settings: Settings,
): readonly SettingsProblem[] {
  const decoded = decodeValue(entry.value, key.type);
  if (!decoded.ok) {
    const says = `json: cannot unmarshal ${decoded.found} into Go struct field ${key.struct}.${path.decoded} of type ${decoded.wanted}`;
    return [refused(path.written, says, entry.value, decoded.why)];
  }
  if (decoded.value !== undefined) {
    const origin = { via: 'config-file' as const, location: entry.location, name: path.written };
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
  return {
    kind: 'refused-at-start',
    name,
    location,
    why,
    etcdSays: says,
  };
}
