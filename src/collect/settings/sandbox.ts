import type { Mount } from '../../model/draft.ts';
import { type Directive, isOn, lastOf } from '../../model/directives.ts';
import { splitWords } from './words.ts';

/**
 * What a service sees in the place of the host's own directories (systemd.exec(5), "Sandboxing"), by the
 * last of equal directives where one replaces another. What hides a directory comes first.
 */
export function mountsOfSandbox(
  directives: readonly Directive[],
  unit: string | undefined,
): readonly Mount[] {
  return [
    ...directives.flatMap(hidden),
    ...protectedHome(lastOf(directives, 'ProtectHome')),
    ...directives.flatMap((directive) => credential(directive, unit)),
    ...directives.flatMap(bound),
    ...directives.flatMap(image),
    ...directives.flatMap(temporary),
    ...privateTmp(directives),
    ...root(directives),
  ];
}

/** Where systemd puts the credentials of a unit, as the variable that it sets for it. */
export function credentialsDirectory(
  unit: string,
  directives: readonly Directive[],
): readonly Directive[] {
  const isSet = directives.some(({ name }) => /^(?:Load|Set|Import)Credential/.test(name));
  return isSet ? [{ name: 'CREDENTIALS_DIRECTORY', value: directoryOf(unit) }] : [];
}

function directoryOf(unit: string): string {
  return `/run/credentials/${unit}`;
}

function said({ name, location }: Directive): Pick<Mount, 'name' | 'location'> {
  return { name, ...(location !== undefined && { location }) };
}

/** The paths that a directive lists; `-` and `+` before a path only say what to do where it is missing. */
function pathsIn({ value }: Directive): readonly string[] {
  return splitWords(value, 'systemd').map(({ text }) => text.replace(/^[-+]*/, ''));
}

function trimmed(path: string): string {
  return path.replace(/(?<!\/)\/+$/, '');
}

function hidden(directive: Directive): readonly Mount[] {
  if (!/^Inaccessible(?:Paths|Directories)$/.test(directive.name)) return [];
  return pathsIn(directive).map((path) => ({
    inside: trimmed(path),
    from: 'inaccessible',
    source: '',
    ...said(directive),
  }));
}

const homes = ['/home', '/root', '/run/user'];

function protectedHome(directive: Directive | undefined): readonly Mount[] {
  if (directive === undefined) return [];
  const from = isOn(directive) ? 'inaccessible' : 'empty';
  if (from === 'empty' && directive.value !== 'tmpfs') return [];
  return homes.map((inside) => ({ inside, from, source: '', ...said(directive) }));
}

/** `LoadCredential=ID:PATH`: systemd reads the file as root and hands a copy to the service's user. */
function credential(directive: Directive, unit: string | undefined): readonly Mount[] {
  if (/^(?:Set|Import)Credential/.test(directive.name) && unit !== undefined) {
    const source = `the credentials of ${unit}`;
    return [{ inside: directoryOf(unit), from: 'other', source, ...said(directive) }];
  }
  if (!/^LoadCredential(?:Encrypted)?$/.test(directive.name) || unit === undefined) return [];
  const [id = '', written = ''] = directive.value.split(/:(.*)/s);
  const inside = `${directoryOf(unit)}/${id}`;
  const from = { from: 'other', source: `the credential ${id}` } as const;
  const rest: Mount = { ...from, inside: directoryOf(unit), source: `the credentials of ${unit}` };
  // A relative path is looked for in systemd's own stores, and an encrypted one holds no PEM.
  if (!written.startsWith('/') || directive.name !== 'LoadCredential') {
    return [{ ...from, inside, ...said(directive) }, rest];
  }
  const loaded: Mount = { inside, from: 'host', source: trimmed(written), ...said(directive) };
  return [loaded, { ...loaded, joinsNames: true }, rest];
}

/** `SOURCE[:DESTINATION[:OPTIONS]]` */
function bound(directive: Directive): readonly Mount[] {
  if (!/^Bind(?:ReadOnly)?Paths$/.test(directive.name)) return [];
  return pathsIn(directive).map((path) => {
    const [source = '', inside = source] = path.split(':');
    return { inside: trimmed(inside), from: 'host', source: trimmed(source), ...said(directive) };
  });
}

/** `SOURCE:DESTINATION[:OPTIONS]` */
function image(directive: Directive): readonly Mount[] {
  if (directive.name !== 'MountImages') return [];
  return pathsIn(directive).map((path) => {
    const [source = '', inside = ''] = path.split(':');
    const from = { from: 'other' as const, source: `the image ${source}` };
    return { inside: trimmed(inside), ...from, ...said(directive) };
  });
}

function temporary(directive: Directive): readonly Mount[] {
  if (directive.name !== 'TemporaryFileSystem') return [];
  return pathsIn(directive).map((path) => ({
    inside: trimmed(path.split(':')[0] ?? ''),
    from: 'empty',
    source: '',
    ...said(directive),
  }));
}

/** `DynamicUser=` brings it along. */
function privateTmp(directives: readonly Directive[]): readonly Mount[] {
  const directive = ['DynamicUser', 'PrivateTmp']
    .flatMap((name) => lastOf(directives, name) ?? [])
    .find((each) => isOn(each) || each.value === 'disconnected');
  if (directive === undefined) return [];
  return ['/tmp', '/var/tmp'].map((inside) => ({
    inside,
    from: 'empty',
    source: '',
    ...said(directive),
  }));
}

function root(directives: readonly Directive[]): readonly Mount[] {
  return ['RootDirectory', 'RootImage'].flatMap((name): readonly Mount[] => {
    const directive = lastOf(directives, name);
    if (directive === undefined || directive.value === '/') return [];
    const path = trimmed(directive.value);
    return name === 'RootDirectory'
      ? [{ inside: '', from: 'host', source: path, ...said(directive) }]
      : [{ inside: '', from: 'other', source: `the image ${path}`, ...said(directive) }];
  });
}
