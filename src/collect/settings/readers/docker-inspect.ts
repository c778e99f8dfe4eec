import type { Mount, ProcessNetwork } from '../../../model/draft.ts';
import type { DocumentNode, EnvironmentVariable } from '../../../model/settings.ts';
import { defined } from '../../../model/defined.ts';
import { withRequirements } from '../before-start.ts';
import { type Limit, limitOf, requiredLimits } from '../limits.ts';
import { filesInside } from '../container-files.ts';
import { notReadOfInspected } from '../inspect-keys.ts';
import { limitsListed, readInspected } from '../inspected.ts';
import { at, entriesOf, itemsOf, locatedText, textOf, whereTrue } from '../document.ts';
import {
  boundingSet,
  emptyProcess,
  type Process,
  processesOf,
  supplementary,
  userOf,
} from '../process.ts';
import { healthCommand, withProbes } from '../probes.ts';
import type { SettingsContext } from '../settings-context.ts';
import type { SettingsForm } from '../settings-form.ts';
import { assignment } from '../words.ts';
import { emptyMount, engineMount, namedVolume, readOnlyVolume } from '../volumes.ts';

export const reader: SettingsForm['read'] = readInspected(containerIn);

function containerIn(container: DocumentNode, context: SettingsContext): readonly Process[] {
  const config = at(container, 'Config');
  const path = locatedText(at(container, 'Path'));
  // `Path` and `Args` are what runs; without them the image's entry point and command do.
  const run =
    path === undefined
      ? [...wordsOf(at(config, 'Entrypoint')), ...wordsOf(at(config, 'Cmd'))]
      : [path, ...wordsOf(at(container, 'Args'))];
  const [first] = run;
  const image = locatedText(at(config, 'Image'));
  const user = locatedText(at(config, 'User'));
  const base: Process = {
    ...emptyProcess('docker-inspect', first?.location ?? container.location),
    label: (textOf(at(container, 'Name')) ?? '').replace(/^\//, ''),
    mounts: mountsOf(container),
    contained: true,
    directory: textOf(at(config, 'WorkingDir')) || '/',
    addresses: addressesOf(container),
    network: networkOf(container),
    ...(hasNeverEnded(container) && { runs: true }),
    hostnames: [textOf(at(config, 'Hostname')) ?? []].flat(),
    ...(image && { image }),
    ...defined({ rootIsReadOnly: whereTrue(at(container, 'HostConfig', 'ReadonlyRootfs')) }),
    directives: [
      ...userOf(user),
      ...wordsOf(at(container, 'HostConfig', 'GroupAdd')).map(supplementary),
      ...boundingSet(
        wordsOf(at(container, 'HostConfig', 'CapDrop')),
        wordsOf(at(container, 'HostConfig', 'CapAdd')).map(({ text }) => text),
      ),
    ],
    readOnly: readOnlyIn(container),
    doubts: notReadOfInspected(container),
  };
  const variables = wordsOf(at(config, 'Env')).flatMap(
    ({ text, location }): readonly EnvironmentVariable[] => {
      const variable = assignment(text, location);
      return variable === undefined ? [] : [variable];
    },
  );
  const line = { words: run, variables, complete: true, find: filesInside(base, context) };
  const processes = withRequirements(
    processesOf(base, line),
    requiredLimits(limitsIn(at(container, 'HostConfig'))),
  );
  return withProbes(processes, base, line, {
    commands: ['Healthcheck', 'StartupHealthCheck'].flatMap((key) =>
      healthCommand(wordsOf(at(config, key, 'Test'))),
    ),
  });
}

/** In bytes and pieces, of which 0 and -1 are any. */
function limitsIn(host: DocumentNode | undefined): readonly Limit[] {
  const said = (key: string) => [locatedText(at(host, key)) ?? []].flat();
  const ulimits = limitsListed('Ulimits', at(host, 'Ulimits'), ['Name', 'Soft', 'Hard']);
  return [
    ...said('Memory').flatMap((each) => limitOf('Memory', 'memory', each)),
    ...said('PidsLimit').flatMap((each) => limitOf('PidsLimit', 'tasks', each)),
    ...ulimits,
  ];
}

/** An etcd that cannot join ends within seconds, and the engine counts how often it starts it again. */
function hasNeverEnded(container: DocumentNode): boolean {
  const isRunning = textOf(at(container, 'State', 'Running')) === 'true';
  return isRunning && textOf(at(container, 'RestartCount')) === '0';
}

function networkOf(container: DocumentNode): ProcessNetwork {
  const mode = textOf(at(container, 'HostConfig', 'NetworkMode')) ?? '';
  const own = textOf(at(container, 'Name')) ?? String(container.location.line ?? 1);
  const other = /^container:(.*)$/.exec(mode)?.[1];
  return {
    of: `${container.location.file}#${other ?? own}`,
    ...(mode === 'host' && { isHost: true }),
  };
}

function wordsOf(node: DocumentNode | undefined) {
  return itemsOf(node).flatMap((item) => locatedText(item) ?? []);
}

function mountsOf(container: DocumentNode): readonly Mount[] {
  const listed = itemsOf(at(container, 'Mounts')).map((mount): Mount => {
    const inside = trimmed(textOf(at(mount, 'Destination')));
    const type = textOf(at(mount, 'Type'));
    if (type === 'volume') return namedVolume(textOf(at(mount, 'Name')) ?? '', inside);
    if (type === 'tmpfs') return emptyMount(inside);
    return { inside, from: 'host', source: trimmed(textOf(at(mount, 'Source'))) };
  });
  const inMemory = entriesOf(at(container, 'HostConfig', 'Tmpfs')).map(({ key, location }) =>
    emptyMount(key, location),
  );
  if (listed.length > 0) return [...listed, ...inMemory];
  const bound = wordsOf(at(container, 'HostConfig', 'Binds')).map(({ text }): Mount => {
    const [source = '', inside = ''] = text.split(':');
    return engineMount(source, inside, /^\//);
  });
  return [...bound, ...inMemory];
}

function readOnlyIn(container: DocumentNode): readonly string[] {
  return [
    ...itemsOf(at(container, 'Mounts'))
      .filter((mount) => textOf(at(mount, 'RW')) === 'false')
      .map((mount) => trimmed(textOf(at(mount, 'Destination')))),
    ...wordsOf(at(container, 'HostConfig', 'Binds')).flatMap(({ text }) => readOnlyVolume(text)),
  ];
}

function trimmed(path = ''): string {
  return path.replace(/\/$/, '');
}

function addressesOf(container: DocumentNode): readonly string[] {
  return entriesOf(at(container, 'NetworkSettings', 'Networks')).flatMap(
    ({ value }) => textOf(at(value, 'IPAddress')) || [],
  );
}
