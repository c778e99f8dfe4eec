import { effectiveTls, type EffectiveTls, type Listener } from '../../etcd/effective-tls.ts';
import type { EtcdUrl } from '../../etcd/urls.ts';
import { etcdVersion } from '../../etcd/version.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import type { BareProbe } from '../../model/draft.ts';
import { isLoopback, isWildcard, joinHostPort } from '../../model/host.ts';
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
  standards: [],

  needs: ['members'],

  targets: ({ members }) =>
    members.flatMap((member) =>
      (member.bareProbes ?? []).flatMap((probe) => {
        const door = doorAt(probe, member);
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
    const { tls, url } = door;
    const failure = faultOf(probe, url, tls);
    if (failure === undefined) return pass;
    const address = joinHostPort(probe.host ?? member, probe.port);
    return fail({
      message: `${probe.name} of ${member} fails: ${probe.by} sends it to ${probe.scheme}://${address} ${failure.message}`,
      expected: 'a probe that the port answers',
      actual: failure.actual,
    });
  },
});

/** What a probe of a port meets. */
interface Door {
  readonly tls: EffectiveTls;
  /** Absent where the port is open, but not at the address of the probe. */
  readonly url?: EtcdUrl;
}

const listeners: readonly Listener[] = ['client', 'metrics', 'peer'];

/** Undefined where the port is none of etcd's: another process of the pod may have it. */
function doorAt(probe: BareProbe, member: Member): Door | undefined {
  const version = etcdVersion(member.etcdVersion.value);
  for (const listener of listeners) {
    const tls = effectiveTls(member.settings, listener, version);
    const all = [...tls.encryptedUrls, ...tls.plaintextUrls];
    const here = all.filter(({ port }) => port === probe.port);
    const url = here.find(({ host }) => isReached(host, probe, member));
    if (here.length > 0) return { tls, ...(url && { url }) };
  }
  return undefined;
}

/** A wildcard and loopback are certain; any other address may lead to the pod in a way that settings do not show. */
function isReached(listening: string, probe: BareProbe, { network }: Member): boolean {
  if (isWildcard(listening)) return true;
  const isLocal = probe.host !== undefined && isLoopback(probe.host);
  // kubelet connects to the loopback of the node.
  if (isLocal && probe.by === 'kubelet' && network?.isHost !== true) return true;
  return isLocal === isLoopback(listening);
}

function faultOf(
  { scheme, by }: BareProbe,
  url: EtcdUrl | undefined,
  tls: EffectiveTls,
): { readonly message: string; readonly actual: string } | undefined {
  if (url === undefined) {
    const listening = [...tls.encryptedUrls, ...tls.plaintextUrls].map(({ text }) => text);
    return { message: 'where etcd does not listen', actual: listening.join(', ') };
  }
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
