import type { UnreadText } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { whyOptionOpen } from './container-options.ts';
import { at, entriesOf, itemsOf, locatedText } from './document.ts';
import { unknownKeys, unread, wordsIn } from './inspect-keys.ts';

/** What containerd and CRI-O print, of any of their releases, and the specification of the runtime. */
const known: readonly (readonly [readonly string[], ReadonlySet<string>])[] = [
  [[], wordsIn('info status')],
  [
    ['status'],
    wordsIn(
      'annotations createdAt exitCode finishedAt id image imageId imageRef labels logPath message metadata mounts',
      'reason resources startedAt state stopSignal user',
    ),
  ],
  [
    ['info'],
    wordsIn(
      'annotations checkpointedAt config cni overrides pid privileged removing restored runtimeHandler runtimeOptions',
      'runtimeSpec runtimeType sandboxID snapshotKey snapshotter',
    ),
  ],
  [
    ['info', 'runtimeSpec'],
    wordsIn('annotations domainname hooks hostname linux mounts ociVersion process root'),
  ],
  [
    ['info', 'runtimeSpec', 'process'],
    wordsIn(
      'apparmorProfile args capabilities consoleSize cwd env ioPriority noNewPrivileges oomScoreAdj rlimits scheduler',
      'selinuxLabel terminal user',
    ),
  ],
  [
    ['info', 'runtimeSpec', 'linux'],
    wordsIn(
      'cgroupsPath devices gidMappings intelRdt maskedPaths mountLabel namespaces personality readonlyPaths resources',
      'rootfsPropagation seccomp sysctl timeOffsets uidMappings',
    ),
  ],
];

/** The profiles that containerd and CRI-O bring along. */
const usual = /^(?:cri-containerd\.apparmor\.d|crio-default(?:-[\d.]+)?|unconfined)$/;

/**
 * What `crictl inspect` prints of a container that may change what it reads or who reaches it, and of which no more
 * than that is understood.
 */
export function notReadOfRuntime(container: DocumentNode): readonly UnreadText[] {
  const specification = at(container, 'info', 'runtimeSpec');
  const context = at(container, 'info', 'config', 'linux', 'security_context');
  const process = at(specification, 'process');
  return [
    ...option(
      'security-opt',
      at(process, 'apparmorProfile'),
      (profile) => `apparmor=${usual.test(profile) ? 'docker-default' : profile}`,
    ),
    ...option(
      'security-opt',
      at(process, 'selinuxLabel'),
      (label) => `label=type:${label.split(':')[2] ?? label}`,
    ),
    ...['localhost_ref', 'localhostRef'].flatMap((key) =>
      option('security-opt', at(context, 'seccomp', key), (profile) => `seccomp=${profile}`),
    ),
    ...itemsOf(at(specification, 'linux', 'uidMappings'))
      .slice(0, 1)
      .map(({ location }) => unread({ text: '', location }, String(whyOptionOpen(mappedUsers)))),
    ...entriesOf(at(specification, 'hooks'))
      .filter(({ value }) => itemsOf(value).length > 0)
      .map(({ key, location }) =>
        unread({ text: key, location }, `what the hook ${key} of the runtime does is not read`),
      ),
    ...known.flatMap(([path, names]) =>
      unknownKeys(path.at(-1) ?? 'a container', names, at(container, ...path)),
    ),
  ];
}

/** What a value comes to as an option of a container engine. */
function option(
  name: string,
  node: DocumentNode | undefined,
  read: (text: string) => string,
): readonly UnreadText[] {
  const found = locatedText(node);
  if (found === undefined || found.text === '') return [];
  const reason = whyOptionOpen({ name, value: { ...found, text: read(found.text) } });
  return reason === undefined ? [] : [unread(found, reason)];
}

const mappedUsers = { name: 'uidmap', value: { text: 'uidMappings' } };
