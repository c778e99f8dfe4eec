import type { Assumption } from '../model/basis.ts';
import type { Client } from '../model/inventory.ts';
import type { ProbeRequest } from '../model/probe-plan.ts';
import { enumerate, nameInWords } from '../model/words.ts';

/**
 * The way of clients where HTTPS_PROXY is set for them. etcdctl before 3.5 has a dialer of its own, to which gRPC leaves
 * the proxy, and so have the clients of that library, such as kube-apiserver before 1.22.
 */
export function proxiedClients(
  you: readonly ProbeRequest[] = [],
  clients: readonly Client[] = [],
): readonly Assumption[] {
  return [
    ...throughProxy(
      'etcdctl (3.5 and later) and other clients',
      [...new Set(you.flatMap(({ proxied = [] }) => proxied))],
      'tried',
    ),
    ...clients.flatMap(({ name, kind, proxied }) =>
      throughProxy(`${nameInWords(name)}${since.get(kind) ?? ''}`, proxied?.value, 'predicted'),
    ),
  ];
}

const since: ReadonlyMap<string, string> = new Map([
  ['etcdctl', ' (3.5 and later)'],
  ['kube-apiserver', ' (1.22 and later)'],
]);

function throughProxy(
  who: string,
  hosts: readonly string[] = [],
  done: 'tried' | 'predicted',
): readonly Assumption[] {
  if (hosts.length === 0) return [];
  const because = `HTTPS_PROXY sends ${who} to ${enumerate(hosts, 4)} through a proxy, and what comes of that was not ${done}`;
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
