import type { UnreadText } from '../../model/draft.ts';
import { notJudgedAt } from './unread-at.ts';

/** Folders of units that the service manager of a user starts (systemd.unit(5), podman-systemd.unit(5)). */
const folders = ['/.config/', '/.local/share/', '/systemd/user/', '/systemd/users/'];

/** Whether the service manager of a user starts a unit, and not that of the system. */
export function isOfUserManager(path: string): boolean {
  return folders.some((folder) => `/${path}`.includes(folder));
}

/** What a unit starts has the rights of that user, whatever `User=` says. */
export function rightsOfUser(path: string, line: number | undefined): readonly UnreadText[] {
  if (!isOfUserManager(path)) return [];
  const reason =
    'the service manager of a user starts the unit, and which files that user may read is not judged';
  return [notJudgedAt(path, line, reason)];
}
