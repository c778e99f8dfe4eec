import type { Mount } from '../../../model/draft.ts';
import { defined } from '../../../model/defined.ts';
import type { DocumentNode, EnvironmentVariable } from '../../../model/settings.ts';
import { withRequirements } from '../before-start.ts';
import { filesInside } from '../container-files.ts';
import { limitsListed, readInspected } from '../inspected.ts';
import { notReadOfRuntime } from '../crictl-keys.ts';
import { at, itemsOf, locatedText, locatedTexts, textOf, whereTrue } from '../document.ts';
import { type Limit, limitOf, requiredLimits } from '../limits.ts';
import {
  boundingSet,
  emptyProcess,
  type Process,
  processesOf,
  supplementary,
  userOf,
} from '../process.ts';
import type { SettingsContext } from '../settings-context.ts';
import type { SettingsForm } from '../settings-form.ts';
import { assignment } from '../words.ts';

export const reader: SettingsForm['read'] = readInspected(containerIn);

/** The specification of the runtime says what runs, whatever of it is from the image (OCI runtime-spec config.md). */
function containerIn(container: DocumentNode, context: SettingsContext): readonly Process[] {
  const specification = at(container, 'info', 'runtimeSpec');
  const started = at(specification, 'process');
  const words = locatedTexts(at(started, 'args'));
  const image =
    locatedText(at(container, 'info', 'config', 'image', 'user_specified_image')) ??
    locatedText(at(container, 'status', 'image', 'userSpecifiedImage')) ??
    locatedText(at(container, 'status', 'image', 'image'));
  const mounts = itemsOf(at(container, 'status', 'mounts'));
  const base: Process = {
    ...emptyProcess('crictl-inspect', words[0]?.location ?? container.location),
    label: textOf(at(container, 'status', 'metadata', 'name')) ?? 'container',
    mounts: mounts.map(mountOf),
    contained: true,
    network: {
      of: `${container.location.file}#${textOf(at(container, 'info', 'sandboxID')) ?? container.location.line}`,
    },
    ...(hasNeverEnded(container) && { runs: true }),
    ...defined({
      directory: textOf(at(started, 'cwd')),
      rootIsReadOnly: whereTrue(at(specification, 'root', 'readonly')),
    }),
    readOnly: mounts
      .filter((mount) => textOf(at(mount, 'readonly')) === 'true')
      .map((mount) => mountOf(mount).inside),
    directives: [...usersOf(at(started, 'user')), ...capabilitiesOf(started)],
    doubts: notReadOfRuntime(container),
    ...(image && { image }),
  };
  const variables = locatedTexts(at(started, 'env')).flatMap(
    ({ text, location }) => assignment(text, location) ?? [],
  );
  const line = { words, variables, complete: true, find: filesInside(base, context) };
  return withRequirements(processesOf(base, line), requiredLimits(limitsIn(specification)));
}

function usersOf(user: DocumentNode | undefined): readonly EnvironmentVariable[] {
  const [uid, gid] = ['uid', 'gid'].map((key) => locatedText(at(user, key)));
  return [
    ...userOf(uid && { ...uid, text: gid === undefined ? uid.text : `${uid.text}:${gid.text}` }),
    ...locatedTexts(at(user, 'additionalGids')).map(supplementary),
  ];
}

/** All that root is left with is listed. */
function capabilitiesOf(started: DocumentNode | undefined): readonly EnvironmentVariable[] {
  const effective = at(started, 'capabilities', 'effective');
  if (effective === undefined) return [];
  const left = locatedTexts(effective).map(({ text }) => text);
  const lost = left.includes('CAP_DAC_OVERRIDE')
    ? []
    : [{ text: 'CAP_DAC_OVERRIDE', location: effective.location }];
  return boundingSet(lost, left);
}

/** What the runtime enforces (OCI runtime-spec config-linux.md). */
function limitsIn(specification: DocumentNode | undefined): readonly Limit[] {
  const said = (name: string, of: 'memory' | 'tasks') => {
    const found = locatedText(at(specification, 'linux', 'resources', name, 'limit'));
    return found === undefined ? [] : limitOf(`${name}.limit`, of, found);
  };
  const rlimits = limitsListed('rlimits', at(specification, 'process', 'rlimits'), [
    'type',
    'soft',
    'hard',
  ]);
  return [...said('memory', 'memory'), ...said('pids', 'tasks'), ...rlimits];
}

/** An etcd that cannot join ends within seconds, and the kubelet counts its attempts. */
function hasNeverEnded(container: DocumentNode): boolean {
  const said = (...path: readonly string[]) => textOf(at(container, 'status', ...path));
  return said('state') === 'CONTAINER_RUNNING' && (said('metadata', 'attempt') ?? '0') === '0';
}

function mountOf(mount: DocumentNode): Mount {
  const said = (key: string) => (textOf(at(mount, key)) ?? '').replace(/\/$/, '');
  return { inside: said('containerPath'), from: 'host', source: said('hostPath') };
}
