import type { DocumentEntry } from '../model/settings.ts';
import {
  type Section,
  sectionKey,
  sectionKeyLifetime,
  sectionKeyNames,
  sectionKeyOf,
  topLevelKey,
} from './config-keys.ts';
import { flagTable } from './flag-table.ts';
import { flagNamed, lifetime } from './flags.ts';
import { nearest } from '../model/nearest.ts';
import type { EtcdVersion } from './version.ts';
import type { Problems, SettingsProblem } from '../model/settings-problem.ts';

/** Says what became of a key that etcd passes over: misplaced, misspelt, of another version, or unknown. */
export function unknownKey(
  { key, location }: DocumentEntry,
  section: Section | undefined,
  version: EtcdVersion,
): Problems {
  const name = kebab(key);
  const found = { name: key, location };

  if (/crl/.test(name)) return [{ ...found, ...crlKey }];
  if (section === undefined) return [{ ...found, ...atTopLevel(name, version) }];
  return [{ ...found, ...inSection(name, section, version) }];
}

type Explanation = Pick<SettingsProblem, 'kind' | 'why' | 'values'>;

const crlKey: Explanation = { kind: 'unknown-key', why: 'no-key-for-crl' };

function atTopLevel(name: string, version: EtcdVersion): Explanation {
  const home = sectionKeyOf(name);
  if (home !== undefined) {
    const { section, key } = home;
    return { kind: 'misplaced-key', why: 'key-of-section', values: { section, key } };
  }
  return ofOtherVersion(flagNamed(name)) ?? misspelt(name, topLevelNames(version));
}

function inSection(name: string, section: Section, version: EtcdVersion): Explanation {
  const others = ofOtherVersion(sectionKeyLifetime(name));
  if (others !== undefined && sectionKey(section, name, version) === undefined) return others;

  const home = sectionKeyOf(name);
  if (home !== undefined && home.key !== name) {
    const { key, section: own } = home;
    return { kind: 'misplaced-key', why: 'key-with-prefix', values: { section: own, key } };
  }
  if (topLevelKey(name, version) !== undefined) {
    return { kind: 'misplaced-key', why: 'key-of-top-level', values: { key: name } };
  }
  return misspelt(name, sectionKeyNames, { section: `${section}-transport-security` });
}

function ofOtherVersion(
  known: Parameters<typeof lifetime>[0] | undefined,
): Explanation | undefined {
  if (known === undefined) return undefined;
  if (known.since.length === 0 && known.until === undefined) return undefined;
  return {
    kind: 'not-in-this-version',
    why: 'key-of-other-version',
    values: { lifetime: lifetime(known) },
  };
}

function misspelt(
  name: string,
  known: readonly string[],
  where: { readonly section?: string } = {},
): Explanation {
  const near = known.includes(name) ? name : nearest(name, known);
  return {
    kind: 'unknown-key',
    why: 'unknown-key',
    ...(near === undefined ? {} : { values: { nearest: near, ...where } }),
  };
}

function topLevelNames(version: EtcdVersion): readonly string[] {
  const names = flagTable
    .map(([name]) => name)
    .filter((name) => topLevelKey(name, version) !== undefined);
  return [...names, 'client-transport-security', 'peer-transport-security'];
}

/** `certFile`, `cert_file` and `Cert-File` as etcd would have spelt it. */
function kebab(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
