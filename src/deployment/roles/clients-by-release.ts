import { etcdVersion, isAtLeast, supposedVersion } from '../../etcd/version.ts';
import type { StatedClient } from '../../model/draft.ts';
import type { Member } from '../../model/inventory.ts';
import type { Lifetime } from '../../model/lifetime.ts';
import type { Setting } from '../../model/settings.ts';
import type { Surroundings } from './build-member.ts';

/** Clients as their release of etcd reads their settings, with the problems that it has with them. */
export function clientsByRelease(
  drafts: readonly StatedClient[],
  members: readonly Member[],
  { versions }: Pick<Surroundings, 'versions'>,
): readonly StatedClient[] {
  const supposed = versions.supposed?.unstated.etcdVersion ?? supposedVersion;
  return drafts.flatMap((draft) => {
    const own = draft.etcdVersion ?? releaseAround(draft, members);
    const stated = versions.etcd ?? own;
    const has = (lifetime: Lifetime | undefined) => isDuring(lifetime, stated?.value, supposed);
    if (!has(draft.lifetime)) return [];
    const problems = draft.problems.filter(({ during }) => has(during));
    return [{ ...draft, problems, ...(own && { etcdVersion: own }) }];
  });
}

/** A command that enters a container of etcd finds the etcdctl of the members, where all are of one release. */
function releaseAround(
  { process }: StatedClient,
  members: readonly Member[],
): Setting<string> | undefined {
  if (process?.container?.entered !== true) return undefined;
  const releases = members.map(({ etcdVersion: release }) => release);
  const [first] = releases;
  const isSame = releases.every(
    ({ value, origin }) => value === first?.value && origin.name === 'image',
  );
  return isSame ? first : undefined;
}

/** An etcdctl that nothing states the release of is none of 3.3, which has another API by default. */
function isDuring(
  lifetime: Lifetime | undefined,
  stated: string | undefined,
  supposed: string,
): boolean {
  if (lifetime === undefined) return true;
  const hasCome = (release: string) =>
    (stated === undefined && release === '3.4.0') ||
    isAtLeast(etcdVersion(stated ?? supposed), release);
  return 'since' in lifetime ? hasCome(lifetime.since) : !hasCome(lifetime.before);
}
