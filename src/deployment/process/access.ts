import type { HostDirectory, HostFact, Ownership } from '../../model/host-facts.ts';
import type { Barrier, Doubt } from '../../model/inventory.ts';
import type { LimitedAccount } from './account.ts';

/** What an account may do with a file: open it, not open it, or unknown from here. */
export type Access =
  | { readonly kind: 'granted' }
  | { readonly kind: 'denied'; readonly barrier: Barrier }
  | { readonly kind: 'unknown'; readonly doubt: Doubt };

const granted: Access = { kind: 'granted' };

/** A file as the process meets it. */
export interface MetFile extends Ownership {
  /** As the settings name it. */
  readonly deployed: string;
  /** As it is on the host. */
  readonly path: string;
}

/** Whether an account may pass through the directories above a file, and read it (path_resolution(7)). */
export function accessTo(
  file: MetFile,
  account: LimitedAccount,
  host: Pick<HostFact, 'directories' | 'links'>,
): Access {
  const above = directoriesAbove(file.path, host);
  const passages = above.map((directory) => judge({ ...directory, isDirectory: true }, account));
  const reading = judge({ ...file, isDirectory: false }, account);
  const all = [...passages, reading];
  return (
    all.find(({ kind }) => kind === 'denied') ??
    all.find(({ kind }) => kind === 'unknown') ??
    granted
  );
}

/** A file of a Secret or ConfigMap: root's, or given to the pod's group by the kubelet. */
export function accessToFileOpenedByRoot(
  file: { readonly deployed: string; readonly mode: number; readonly setting: Partial<Said> },
  account: LimitedAccount,
): Access {
  const { volumeGroup } = account;
  const { setting, location } = file.setting;
  const groups = volumeGroup === undefined ? account.groups : [...account.groups, volumeGroup];
  const mode = volumeGroup === undefined ? file.mode : file.mode | 0o440;
  const met = {
    uid: 0,
    gid: volumeGroup ?? 0,
    mode,
    path: file.deployed,
    isDirectory: false,
    isOpenedByRoot: true,
  } as const;
  const judged = judge(met, { ...account, groups });
  if (judged.kind !== 'denied') return judged;
  const barrier = {
    ...judged.barrier,
    ...(setting !== undefined && { setting }),
    ...(location !== undefined && { location }),
    remedy: `set fsGroup in the pod's securityContext, or a defaultMode such as 0444 for the volume`,
  };
  return { kind: 'denied', barrier };
}

type Said = Pick<Barrier, 'setting' | 'location'>;

interface Judged extends Ownership {
  readonly path: string;
  readonly isDirectory: boolean;
  /** Set for a file of the kubelet's, which has no access control list. */
  readonly isOpenedByRoot?: true;
}

function judge(subject: Judged, account: LimitedAccount): Access {
  const right = subject.isDirectory ? 1 : 4;
  const classes = classesOf(subject, account);
  const grants = classes.map((shift) => ((subject.mode >> shift) & right) !== 0);
  if (grants.every(Boolean)) return granted;
  if (grants.some(Boolean)) return unknown(subject, account);
  // An access control list shows in the bits of the group, and grants no more than they do (acl(5)).
  const mayHaveList =
    subject.isOpenedByRoot !== true &&
    !classes.includes(owner) &&
    ((subject.mode >> group) & right) !== 0;
  return mayHaveList ? unknownForList(subject, account) : denied(subject, account);
}

const owner = 6;
const group = 3;
const others = 0;

/** By which of the three sets of bits the account may be judged: more than one where it is not known well. */
function classesOf(subject: Ownership, account: LimitedAccount): readonly number[] {
  const owns = isOwner(subject.uid, account);
  if (owns === true) return [owner];
  const belongs = account.groups.includes(subject.gid) || (account.knowsGroups ? false : undefined);
  const rest = belongs === undefined ? [group, others] : [belongs ? group : others];
  return owns === false ? rest : [owner, ...rest];
}

/** From which systemd takes the ids of users that it makes up. */
const dynamicIds = { first: 61_184, last: 65_519 };

function isOwner(uid: number, account: LimitedAccount): boolean | undefined {
  if (account.uid === 'dynamic') {
    return uid >= dynamicIds.first && uid <= dynamicIds.last ? undefined : false;
  }
  if (account.uid !== undefined) return account.uid === uid;
  // Any other account is not root.
  return uid === 0 ? false : undefined;
}

function denied(subject: Judged, { said, location }: LimitedAccount): Access {
  const { path, isDirectory } = subject;
  const verb = isDirectory ? 'enter the directory' : 'read';
  const setting = said.replace(/=.*$/s, '');
  return {
    kind: 'denied',
    barrier: {
      kind: 'account',
      error: 'permission denied',
      because: `${said} may not ${verb} ${path}, which has ${show(subject)}`,
      setting,
      ...(location !== undefined && { location }),
      remedy: isDirectory
        ? `let the user of the process enter it: \`chmod o+x ${path}\`, or give it to the user's group`
        : `let the user of the process read it: ${handOver(said, path)}`,
    },
  };
}

/** A user that systemd makes up can own no file. */
function handOver(said: string, path: string): string {
  const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(said) ?? [];
  return name === 'User'
    ? `\`chown ${value}: ${path}\` and \`chmod 600 ${path}\``
    : `\`LoadCredential=NAME:${path}\` in the unit, and \`%d/NAME\` in the settings of etcd`;
}

function show({ uid, gid, mode }: Ownership): string {
  return `owner ${uid}, group ${gid} and mode ${mode.toString(8).padStart(4, '0')}`;
}

function unknown(subject: Judged, { said }: LimitedAccount): Access {
  const { path } = subject;
  return {
    kind: 'unknown',
    doubt: {
      because: `${path} has ${show(subject)}, and the ids of ${said} are not known`,
      give: `run \`id\` for the user of ${said} and compare, or collect the evidence on the host`,
    },
  };
}

function unknownForList(subject: Judged, { said }: LimitedAccount): Access {
  const { path } = subject;
  return {
    kind: 'unknown',
    doubt: {
      because: `${path} has ${show(subject)}: ${said} opens it only by an access control list`,
      give: `run \`getfacl ${path}\`, or give the file to the user of ${said}`,
    },
  };
}

/** Those on the way to a path, and on the way to where a link leads. */
function directoriesAbove(
  path: string,
  { directories, links }: Pick<HostFact, 'directories' | 'links'>,
): readonly HostDirectory[] {
  const target = links.find((link) => link.path === path)?.target;
  const ways = [path, ...(target === undefined ? [] : [target])];
  return directories.filter((directory) =>
    ways.some((way) => directory.path === '/' || way.startsWith(`${directory.path}/`)),
  );
}
