import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { defined } from '../../model/defined.ts';
import { InputError, namedPath } from '../../input-error.ts';
import type { BuildFact } from '../../model/host-facts.ts';
import { cannotRead, regularFile } from '../files/cannot-read.ts';
import { hasBoringCrypto } from '../../pki/go-release.ts';
import { readBuildTexts } from './build-info.ts';
import type { ProgramFile } from './program-image.ts';

/** How an etcd was built. Reads a few pieces of the file and never runs it. */
export function readBinary(path: string): BuildFact {
  const descriptor = open(path);
  try {
    const build = buildIn(descriptor);
    if (build !== undefined) return { file: path, ...build };
  } finally {
    closeSync(descriptor);
  }
  throw new InputError('FILE_UNREADABLE', `${path} contains no Go build information`, {
    hint: 'give the etcd binary itself, an ELF or Mach-O file, not a script that starts it',
  });
}

function open(path: string): number {
  try {
    return openSync(regularFile(namedPath(path)), 'r');
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function buildIn(descriptor: number): Omit<BuildFact, 'file'> | undefined {
  const { size } = fstatSync(descriptor);
  const texts = readBuildTexts(fileOf(descriptor, size));
  if (texts === undefined) return undefined;
  const [, goVersion, experiments = ''] =
    /^go(\d+\.\d+(?:\.\d+)?)(?:.*?[\s-]X:(\S+))?/.exec(texts.goVersion) ?? [];
  if (goVersion === undefined) return undefined;
  const lines = texts.modules.split('\n').map((line) => line.split('\t'));
  const settings = new Map(lines.flatMap(settingIn));
  const boring = hasBoringCrypto(texts.goVersion) ? 'boringcrypto' : '';
  const names = [boring, experiments, settings.get('GOEXPERIMENT') ?? ''].flatMap((list) =>
    list.split(','),
  );
  const etcdVersion = lines.flatMap(etcdRelease)[0];
  const defaultGodebug = wellFormed(settings.get('DefaultGODEBUG'), /^[a-z\d]+=\w+$/i);
  const fips140 = wellFormed(settings.get('GOFIPS140'), /^[\w.+-]{1,40}$/);
  return {
    goVersion,
    experiments: [...new Set(names)].filter((name) => /^\w+$/.test(name)),
    ...defined({ etcdVersion, defaultGodebug, fips140 }),
  };
}

/** Undefined for text in any other form: Go did not write it. */
function wellFormed(list: string | undefined, item: RegExp): string | undefined {
  const items = list?.split(',').filter((each) => item.test(each)) ?? [];
  return items.length === 0 ? undefined : items.join(',');
}

/** `build<TAB>NAME=VALUE` */
function settingIn([kind, setting = '']: readonly string[]): readonly (readonly [
  string,
  string,
])[] {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
  return kind !== 'build' || name === undefined ? [] : [[name, value.replace(/^"(.*)"$/s, '$1')]];
}

/** `mod<TAB>PATH<TAB>VERSION`; a build out of a source tree says `(devel)`. */
function etcdRelease([kind, path = '', version = '']: readonly string[]): readonly string[] {
  if (kind !== 'mod' && kind !== 'dep') return [];
  if (!/^go\.etcd\.io\/etcd(?:\/server)?(?:\/v3)?$/.test(path)) return [];
  const [, release] = /^v(3\.\d+\.\d+)$/.exec(version) ?? [];
  return release === undefined ? [] : [release];
}

function fileOf(descriptor: number, size: number): ProgramFile {
  return {
    size,
    read: (offset, length) => {
      const wanted = Math.min(length, Math.max(0, size - offset));
      if (!(offset >= 0 && wanted > 0)) return new Uint8Array();
      const bytes = new Uint8Array(wanted);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, wanted, offset));
    },
  };
}
