import { effectiveTls, type EffectiveTls, type Listener } from '../../etcd/effective-tls.ts';
import type { EtcdUrl } from '../../etcd/urls.ts';
import { etcdVersion } from '../../etcd/version.ts';
import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import type { BareProbe } from '../../model/draft.ts';
import {
  canonicalHost,
  isIpAddress,
  isLoopback,
  isOnEveryMachine,
  isWildcard,
  joinHostPort,
} from '../../model/host.ts';
import type { Member } from '../../model/inventory.ts';
import { etcdConfiguration } from '../support/references.ts';

export const healthProbeRejected = defineCheck({
  id: 'health-probe-rejected',
  title: 'Health probe without a client certificate is rejected',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'kubelet has no client certificate for `httpGet` and no TLS for `grpc`, and neither has curl without ' +
    '`--cert`. A port that requires a certificate rejects each probe: a liveness or startup probe then ' +
    'restarts a healthy etcd again and again, and a readiness probe keeps it out of its Service.',
  remediation:
    'Serve `/health` on a metrics port without TLS (`--listen-metrics-urls=http://0.0.0.0:2381`) and send ' +
    'the probe there, or run `etcdctl endpoint health` with a CA, a certificate and a key.',
  references: [
    etcdConfiguration,
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],

  needs: ['members'],

  targets: ({ members }) =>
    members.flatMap((member) =>
      (member.bareProbes ?? []).flatMap((probe) => {
        const door = doorAt(probe, member, members);
        if (door === undefined) return [];
        const { name } = member;
        const { location } = probe;
        const target = {
          kind: 'member' as const,
          name: `${name} ${probe.name}`,
          member: name,
          location,
        };
        return [{ target, probe, member: name, door }];
      }),
    ),

  examine({ probe, member, door }) {
    const address = joinHostPort(probe.host ?? member, probe.port);
    if ('because' in door) {
      return inconclusive(
        `${probe.name} of ${member} goes to ${address}, and ${door.because}`,
        door.give ??
          'send the probe to a port on which etcd listens, or look at what answers there',
      );
    }
    const failure = faultOf(probe, door);
    if (failure === undefined) return pass;
    if (probe.failure === 'unknown') {
      return inconclusive(
        `${probe.by} in ${probe.name} of ${member} asks ${probe.scheme}://${address} ${failure.message}; whether ${probe.name} fails with it was not followed`,
        `give ${probe.by} a client certificate, send it to a metrics port without TLS, or let the script end in \`|| true\` where it may fail`,
      );
    }
    return fail({
      message: `${probe.name} of ${member} fails: ${probe.by} sends it to ${probe.scheme}://${address} ${failure.message}`,
      expected: 'a probe that the port answers',
      actual: failure.actual,
    });
  },
});

/** What a probe of a port meets. */
type Door =
  | { readonly tls: EffectiveTls; readonly url: EtcdUrl }
  /** Nothing: etcd listens elsewhere. */
  | { readonly listening: readonly EtcdUrl[] }
  | { readonly because: string; readonly give?: string };

const listeners: readonly Listener[] = ['client', 'metrics', 'peer'];

/** Undefined where the probe is none of etcd: it goes to another host, or to another container that says so. */
function doorAt(probe: BareProbe, member: Member, members: readonly Member[]): Door | undefined {
  if (probe.host !== undefined && isOnEveryMachine(probe.host))
    return doorOnLoopback(probe, member);
  const destination = destinationOf(probe, member, members);
  if (destination === 'elsewhere') return undefined;
  if (destination === 'unknown') return doorUnlessElsewhere(probe, [member, ...members]);
  const door = listenerAt(probe.port, destination, false);
  // What else another host serves is none of etcd's.
  return door ?? (destination === member ? others(probe, member) : undefined);
}

function doorOnLoopback(probe: BareProbe, member: Member): Door | undefined {
  return probe.by === 'kubelet' && member.network?.isHost !== true
    ? { because: 'kubelet connects to the loopback of the node, which is not that of the pod' }
    : (listenerAt(probe.port, member, true) ?? others(probe, member));
}

function listenerAt(port: string, member: Member, isLocal: boolean): Door | undefined {
  const here = listenersOf(member).filter(({ url }) => url.port === port);
  const reached = here.find(({ url }) => isReached(url.host, isLocal));
  return reached ?? (here.length > 0 ? { listening: here.map(({ url }) => url) } : undefined);
}

/** Where a host leads: to a member, to something that is none, or that is not known. */
function destinationOf(
  { host, isOther }: BareProbe,
  member: Member,
  members: readonly Member[],
): Member | 'elsewhere' | 'unknown' {
  if (host === undefined) return member;
  const found = [member, ...members].find((each) => namesOf(each).includes(canonicalHost(host)));
  if (found !== undefined) return found;
  return isOther === true ? 'elsewhere' : 'unknown';
}

/** Settings show one address of a machine or a container, which may have others. */
function mayListenAt({ host = '', port }: BareProbe, member: Member): boolean {
  if (!isIpAddress(host) || member.addresses.length === 0 || member.mayBeMapped === true)
    return true;
  return listenersOf(member).some(({ url }) => url.port === port && isWildcard(url.host));
}

/** A host that settings do not explain counts where a member would reject the probe if it were its own. */
function doorUnlessElsewhere(probe: BareProbe, members: readonly Member[]): Door | undefined {
  const possible = members.find((member) => {
    if (!mayListenAt(probe, member)) return false;
    const door = listenerAt(probe.port, member, false);
    return door !== undefined && !('because' in door) && faultOf(probe, door) !== undefined;
  });
  return (
    possible && {
      because: `whether that leads to ${possible.name} is not known`,
      give: 'send the probe to 127.0.0.1 if it is meant for etcd itself',
    }
  );
}

/** What a probe meets at a port that is none of etcd's. */
function others({ port, neighbours }: BareProbe, member: Member): Door | undefined {
  if (neighbours === 'stated') return undefined;
  if (!/^\d+$/.test(port)) return { because: `the container has no port of the name ${port}` };
  return neighbours === 'none' && areUrlsKnown(member)
    ? { listening: listenersOf(member).map(({ url }) => url) }
    : { because: 'etcd does not listen there; what else does was not given' };
}

function listenersOf({ settings, etcdVersion: { value } }: Member) {
  return listeners.flatMap((listener) => {
    const tls = effectiveTls(settings, listener, etcdVersion(value));
    return [...tls.encryptedUrls, ...tls.plaintextUrls].map((url) => ({ tls, url }));
  });
}

function namesOf({ addresses, hostnames }: Member): readonly string[] {
  return [...addresses, ...hostnames].map(canonicalHost);
}

/** Whether the settings are all that there are, and none of them is to be filled in. */
function areUrlsKnown({ excerpts, problems }: Member): boolean {
  return excerpts === undefined && problems.length === 0;
}

/** A wildcard and loopback are certain; any other address may lead to the pod in a way that settings do not show. */
function isReached(listening: string, isLocal: boolean): boolean {
  return isWildcard(listening) || isLocal === isLoopback(listening);
}

function faultOf(
  { scheme, by }: BareProbe,
  door: Exclude<Door, { readonly because: string }>,
): { readonly message: string; readonly actual: string } | undefined {
  if ('listening' in door) {
    const texts = door.listening.map(({ text }) => text);
    return { message: 'where etcd does not listen', actual: texts.join(', ') };
  }
  const { tls, url } = door;
  if (scheme === 'tcp') return undefined;
  if (url.encrypted && scheme !== 'https') {
    return { message: 'without TLS, and the port requires TLS', actual: url.text };
  }
  if (!url.encrypted && scheme === 'https') {
    return { message: 'with TLS, and the port is served without TLS', actual: url.text };
  }
  return url.encrypted && tls.clientAuthentication !== 'none'
    ? {
        message: 'without a client certificate, and the port requires one',
        actual: `${by} presents no certificate`,
      }
    : undefined;
}
