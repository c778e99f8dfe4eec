import { readStatedValues } from '../../etcd/read-member-settings.ts';
import { etcdVersion, supposedVersion } from '../../etcd/version.ts';
import type { SettingsSource } from '../../model/settings.ts';
import { hostOf, isOnEveryMachine } from '../../model/host.ts';

/**
 * What a member that has started once knows from its data directory: k3s leaves `initial-*` out of its
 * files after the first start. Where none of them is set, the member's peer URL is supposed to be the one
 * that it listens on, rather than etcd's default for a new cluster of one on localhost.
 */
export function withStartedMember(sources: readonly SettingsSource[]): readonly SettingsSource[] {
  const set = readStatedValues(sources, etcdVersion(supposedVersion));
  const isNew = [...set.keys()].some((name) => /^(?:initial-|discovery)/.test(name));
  const listened = set.get('listen-peer-urls');
  const urls = String(listened?.value ?? '')
    .split(',')
    .filter((url) => url !== '');
  const own = urls.filter((url) => !isOnEveryMachine(hostOf(url) ?? ''));
  if (isNew || own.length === 0) return sources;
  const because =
    'no initial-* setting is given, as after a first start; the peer listen URL is used';
  const name = 'initial-advertise-peer-urls';
  return [...sources, { kind: 'assumed', settings: [{ name, value: own.join(','), because }] }];
}
