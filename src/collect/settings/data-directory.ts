import { posix } from 'node:path';
import { textOf } from '../../etcd/raw-settings.ts';
import { readStatedValues } from '../../etcd/read-member-settings.ts';
import type { EtcdVersion } from '../../etcd/version.ts';
import type { UnreadText } from '../../model/draft.ts';
import { innermostOf } from '../../model/mounts.ts';
import type { SettingsSource } from '../../model/settings.ts';
import type { Process } from './process.ts';
import { notJudgedAt } from './unread-at.ts';

/** What of etcd's directories is on a root file system that is read-only: etcd does not start without writing there. */
export function unwritableDirectories(
  { mounts, readOnly = [], rootIsReadOnly, directory = '/' }: Process,
  sources: readonly SettingsSource[],
  version: EtcdVersion,
): readonly UnreadText[] {
  if (rootIsReadOnly === undefined) return [];
  const { file, line } = rootIsReadOnly;
  const settings = readStatedValues(sources, version);
  const stated = (flag: string) => textOf(settings, flag)?.value;
  const data = stated('data-dir') ?? `${stated('name') ?? 'default'}.etcd`;
  return [data, stated('wal-dir') ?? data].flatMap((path, index, all) => {
    if (all.indexOf(path) !== index) return [];
    const around = innermostOf(posix.resolve(directory, path), mounts);
    if (around.some(({ inside }) => inside !== '' && !readOnly.includes(inside))) return [];
    const reason = `the root file system is read-only, and no writable volume is mounted at ${path}, which etcd writes`;
    return [notJudgedAt(file, line, reason)];
  });
}
