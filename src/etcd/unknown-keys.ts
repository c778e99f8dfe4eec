import type { DocumentEntry, SettingsProblem } from '../model/settings.ts';
import {
  type Section,
  sectionKey,
  sectionKeyLifetime,
  sectionKeyNames,
  sectionKeyOf,
  topLevelKey,
} from './config-keys.ts';
import { flagTable } from './flag-table.ts';
import { flagNamed, lifetime, nearest } from './flags.ts';
import type { EtcdVersion } from './version.ts';

/** Says what became of a key that etcd passes over: misplaced, misspelt, of another version, or unknown. */
export function unknownKey(
  { key, location }: DocumentEntry,
  section: Section | undefined,
  version: EtcdVersion,
): readonly SettingsProblem[] {
  const name = kebab(key);
  const told = { name: key, location };

  if (/crl/.test(name)) return [{ ...told, ...crlKey }];
  if (section === undefined) return [{ ...told, ...atTopLevel(name, version) }];
  return [{ ...told, ...inSection(name, section, version) }];
}

type Explanation = Pick<SettingsProblem, 'kind' | 'detail' | 'remedy'>;

const crlKey: Explanation = {
  kind: 'unknown-key',
  detail: 'the configuration file has no key for a revocation list in any version; it is ignored',
  remedy:
    'Give etcd its settings by flags or variables and use --client-crl-file or --peer-crl-file.',
};

function atTopLevel(name: string, version: EtcdVersion): Explanation {
  const home = sectionKeyOf(name);
  if (home !== undefined) {
    return {
      kind: 'misplaced-key',
      detail: 'etcd ignores this key at the top level',
      remedy: `Move it to \`${home.section}:\` as \`${home.key}:\`.`,
    };
  }
  return ofOtherVersion(flagNamed(name)) ?? misspelt(name, topLevelNames(version));
}

function inSection(name: string, section: Section, version: EtcdVersion): Explanation {
  const others = ofOtherVersion(sectionKeyLifetime(name));
  if (others !== undefined && sectionKey(section, name, version) === undefined) return others;

  const home = sectionKeyOf(name);
  if (home !== undefined && home.key !== name) {
    return {
      kind: 'misplaced-key',
      detail: 'etcd ignores a flag’s name in a section, where keys are named without their prefix',
      remedy: `Write it as \`${home.key}:\` under \`${home.section}:\`.`,
    };
  }
  if (topLevelKey(name, version) !== undefined) {
    return {
      kind: 'misplaced-key',
      detail: 'etcd ignores this key inside a section',
      remedy: `Move \`${name}:\` to the top level.`,
    };
  }
  return misspelt(name, sectionKeyNames);
}

function ofOtherVersion(
  known: Parameters<typeof lifetime>[0] | undefined,
): Explanation | undefined {
  if (known === undefined) return undefined;
  if (known.since.length === 0 && known.until === undefined) return undefined;
  return {
    kind: 'not-in-this-version',
    detail: `this version does not know the key, which exists ${lifetime(known)}; it is ignored`,
  };
}

function misspelt(name: string, known: readonly string[]): Explanation {
  const near = known.includes(name) ? name : nearest(name, known);
  return {
    kind: 'unknown-key',
    detail: 'etcd has no such key and ignores it',
    ...(near === undefined ? {} : { remedy: `Is \`${near}:\` meant?` }),
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
