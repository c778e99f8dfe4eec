import { etcdVersion } from '../etcd/version.ts';
import { type EffectiveTls, effectiveTls, type Listener } from '../etcd/effective-tls.ts';
import type { Facts } from '../model/evidence.ts';
import type { Member } from '../model/inventory.ts';
import type { Origin, Setting } from '../model/settings.ts';
import type { Target } from '../model/target.ts';
import type { EtcdUrl } from '../etcd/urls.ts';
import { hostOf, isLoopback } from '../model/host.ts';

/** One of a member's listeners, after everything that etcd does with its settings. */
export interface JudgedListener {
  readonly target: Target;
  readonly member: Member;
  readonly tls: EffectiveTls;
}

/** The same listener of every member. */
export function listenersOf(
  { members }: Pick<Facts, 'members'>,
  listener: Listener,
): readonly JudgedListener[] {
  return members.map((member) => ({
    target: member.target,
    member,
    tls: effectiveTls(member.settings, listener, etcdVersion(member.etcdVersion.value)),
  }));
}

/** A listener and what it serves in clear. */
export interface PlaintextListener extends JudgedListener {
  readonly open: readonly string[];
}

/** The same listener of every member, with the URLs that it serves in clear to that side. */
export function plaintextListeners(
  facts: Pick<Facts, 'members'>,
  listener: Listener,
  side: 'network' | 'loopback',
): readonly PlaintextListener[] {
  return listenersOf(facts, listener).map((judged) => ({
    ...judged,
    open: judged.tls.plaintextUrls
      .filter((url) => isOnHostAlone(url) === (side === 'loopback'))
      .map(({ text }) => text),
  }));
}

/** Whether a setting is etcd's default in a member of which only excerpts were read, which may leave it out. */
export function isUnseen({ excerpts }: Member, { origin }: Setting<unknown>): boolean {
  return excerpts !== undefined && origin.via === 'default';
}

/** No other host reaches loopback or a Unix domain socket. */
function isOnHostAlone({ scheme, text }: EtcdUrl): boolean {
  return scheme.startsWith('unix') || isLoopback(hostOf(text) ?? '');
}

/** `--auto-tls in etcd.conf:3`: where a setting is written, for messages. */
export function showOrigin({ name, via, location }: Origin): string {
  if (location === undefined) return name ?? via;
  const place = location.line === undefined ? location.file : `${location.file}:${location.line}`;
  return `${name ?? via} in ${place}`;
}
