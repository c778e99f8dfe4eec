import type { Assumption } from '../model/basis.ts';
import type { ProbeRequest } from '../model/probe-plan.ts';
import { enumerate } from '../model/words.ts';

/**
 * The way of other clients where HTTPS_PROXY is set. etcdctl before 3.5 has a dialer of its own, to which gRPC leaves
 * the proxy.
 */
export function proxiedClient(you: ProbeRequest | undefined): readonly Assumption[] {
  const hosts = you?.proxied ?? [];
  if (hosts.length === 0) return [];
  const names = enumerate(hosts, 4);
  const because = `HTTPS_PROXY sends etcdctl (3.5 and later) and other clients to ${names} through a proxy, which was not tried`;
  return [
    {
      about: 'HTTPS_PROXY',
      because,
      give: `add ${hosts.join(',')} to NO_PROXY where clients are meant to connect directly`,
      notCovered: because,
      isAlwaysSaid: true,
    },
  ];
}
