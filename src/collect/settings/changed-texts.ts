import type { UnreadText } from '../../model/draft.ts';
import { leadsThrough } from '../../model/mounts.ts';
import { mentionsIn } from './mentions.ts';
import type { Started, Starts } from './starts.ts';
import { unreadAt } from './unread-at.ts';
import { targetsOf } from './write-targets.ts';

/** A file about etcd, as it is deployed, and the line below which commands may change it. */
interface Deployed {
  readonly path: string;
  readonly line?: number;
}

/** Texts about etcd that commands change once they are written: what is in them then is not known. */
export function changedTexts(
  own: readonly Deployed[],
  { started }: Pick<Starts, 'started'>,
  place: { readonly file: string; readonly line?: number },
): readonly UnreadText[] {
  if (own.length === 0) return [];
  const all = started.flatMap(changesBy);
  return own.flatMap(({ path, line: written = 0 }) => {
    const change = all.find(
      (each) =>
        (each.path === undefined || leadsThrough(path, each.path)) &&
        (each.line ?? written + 1) > written,
    );
    if (change === undefined) return [];
    const line = change.line ?? place.line;
    if (change.path === undefined) {
      const reason = `${change.by} was not given, and may change ${path} once it is written`;
      const give = `give it as well, or ${path} as it is on the host, in the place of what writes it`;
      return [unreadAt(place.file, line, reason, give)];
    }
    const reason = `\`${change.by}\` may change ${path} once it is written, and what is in it then is not known`;
    const give = `give ${path} as it is on the host, in the place of what writes it`;
    return [unreadAt(place.file, line, reason, give)];
  });
}

/** What a command may change: paths, or any path where it may be a script that was not given. */
interface Change {
  readonly path?: string;
  readonly by: string;
  readonly line: number | undefined;
}

function changesBy(command: Started): readonly Change[] {
  const line = lineOf(command);
  const { notGiven, program: by = '' } = command;
  const unseen = notGiven ?? interpreted(command);
  if (unseen !== undefined) return [{ by: unseen, line }];
  return contentsIn(command).flatMap((path) =>
    path === '' || path === '/' ? [] : [{ path, by, line }],
  );
}

/** The script that another interpreter than a shell runs. */
function interpreted({ program = '', words }: Started): string | undefined {
  if (!/^(?:python[\d.]*|perl|ruby|node|php[\d.]*|ansible-playbook)$/.test(program))
    return undefined;
  return words.find(({ text }) => /\.(?:py|pl|rb|[cm]?js|php|ya?ml)$/.test(text))?.text;
}

/** Where a command leaves other contents: what it only moves away, copies elsewhere or removes has none. */
function contentsIn(command: Started): readonly string[] {
  const { program = '', words } = command;
  if (/^(?:rm|rmdir|touch|unlink)$/.test(program)) return [];
  const [last] = words.slice(-1);
  const isElsewhere = /^[^/]*:/.test(last?.text ?? '');
  if (/^(?:scp|rsync|sftp)$/.test(program)) {
    return isElsewhere || last === undefined ? [] : pathsOf({ ...command, words: [last] });
  }
  return pathsOf(program === 'mv' ? { ...command, program: 'cp' } : command);
}

function pathsOf(command: Started): readonly string[] {
  return targetsOf(command).map(({ path }) => path);
}

export function isAboutEtcd(text: string): boolean {
  return !text.includes('-----BEGIN ') && (mentionsIn(text).length > 0 || /\betcd\b/.test(text));
}

function lineOf({ words }: Started): number | undefined {
  return words[0]?.location?.line;
}
