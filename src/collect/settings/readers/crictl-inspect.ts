import type { Mount } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { filesInside } from '../container-files.ts';
import { readInspected } from '../inspected.ts';
import { at, itemsOf, locatedText, locatedTexts, textOf } from '../document.ts';
import { emptyProcess, type Process, processesOf, userOf } from '../process.ts';
import type { SettingsContext } from '../settings-context.ts';
import type { SettingsForm } from '../settings-form.ts';
import { assignment } from '../words.ts';

export const reader: SettingsForm['read'] = readInspected(containerIn);

/** The specification of the runtime says what runs, whatever of it is from the image (OCI runtime-spec config.md). */
function containerIn(container: DocumentNode, context: SettingsContext): readonly Process[] {
  const started = at(container, 'info', 'runtimeSpec', 'process');
  const words = locatedTexts(at(started, 'args'));
  const image =
    locatedText(at(container, 'info', 'config', 'image', 'user_specified_image')) ??
    locatedText(at(container, 'status', 'image', 'userSpecifiedImage')) ??
    locatedText(at(container, 'status', 'image', 'image'));
  const base: Process = {
    ...emptyProcess('crictl-inspect', words[0]?.location ?? container.location),
    label: textOf(at(container, 'status', 'metadata', 'name')) ?? 'container',
    mounts: itemsOf(at(container, 'status', 'mounts')).map(mountOf),
    contained: true,
    network: {
      of: `${container.location.file}#${textOf(at(container, 'info', 'sandboxID')) ?? container.location.line}`,
    },
    ...(hasNeverEnded(container) && { runs: true }),
    directives: userOf(locatedText(at(started, 'user', 'uid'))),
    ...(image && { image }),
  };
  const variables = locatedTexts(at(started, 'env')).flatMap(
    ({ text, location }) => assignment(text, location) ?? [],
  );
  return processesOf(base, { words, variables, complete: true, find: filesInside(base, context) });
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
