import type { UnreadText } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { at, textOf } from './document.ts';
import { notJudgedAt } from './unread-at.ts';

/** A profile of the node's own is none of those that Kubernetes and the container runtime bring along. */
const profiles = ['seccompProfile', 'appArmorProfile'];

/**
 * What a pod says that may change what a container reads or who reaches it, and of which no more than that is
 * understood (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/).
 */
export function notReadOfContainer(
  container: DocumentNode,
  spec: DocumentNode | undefined,
): readonly UnreadText[] {
  const contexts = [container, spec].flatMap((node) => at(node, 'securityContext') ?? []);
  const [labels] = contexts.flatMap((each) => at(each, 'seLinuxOptions') ?? []);
  return [
    ...unread(
      at(container, 'lifecycle', 'postStart'),
      'what postStart runs in the container is not read',
    ),
    ...profiles.flatMap((key) => {
      const [profile] = contexts.flatMap((each) => at(each, key) ?? []);
      const name = textOf(at(profile, 'localhostProfile'));
      return name === undefined ? [] : unread(profile, restricts(`${key} ${name}`));
    }),
    // Such a container may do all that its user may (container_selinux(8)).
    ...(textOf(at(labels, 'type')) === 'spc_t' ? [] : unread(labels, restricts('seLinuxOptions'))),
  ];
}

function restricts(what: string): string {
  return `${what} restricts the process, which is not judged`;
}

function unread(node: DocumentNode | undefined, reason: string): readonly UnreadText[] {
  if (node === undefined) return [];
  const { file: path, line } = node.location;
  return [notJudgedAt(path, line, reason)];
}
