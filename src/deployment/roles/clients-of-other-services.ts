import type { StatedClient } from '../../model/draft.ts';
import type { FileMatch, Guess, Member } from '../../model/inventory.ts';
import { enumerate } from '../../model/words.ts';
import { guessRole, type RoleReading } from './assign-roles.ts';
import { clientFromDraft } from './build-client.ts';
import type { Surroundings } from './build-member.ts';
import { baseName } from './match-files.ts';
import { areOnTwoHosts, isLoopback, parseEndpoint } from '../../model/host.ts';
import { membersAt } from '../members-at.ts';

/** What connects to something other than etcd, the files that it has for that, and what is said of them. */
export interface ClientsOfOtherServices {
  readonly owners: readonly { readonly files: readonly FileMatch[] }[];
  readonly guesses: readonly Guess[];
}

export function findClientsOfOtherServices(
  readings: readonly RoleReading[],
  drafts: readonly StatedClient[],
  around: Surroundings,
): ClientsOfOtherServices {
  const clients = drafts
    .filter(({ isOfEtcd }) => isOfEtcd === false)
    .map((draft) => clientFromDraft(draft, around))
    .map((client) => ({ ...client, files: client.files.filter(isSure) }));
  const guesses = clients.flatMap(({ origin, files, kind, endpoints }): readonly Guess[] => {
    const named = new Set(files.flatMap(({ file }) => file ?? []));
    const conclusion = `certificate of a ${kind}, which connects to ${enumerate(endpoints.value)}, not to etcd`;
    return readings
      .filter(({ credential }) => named.has(credential.file.path))
      .map((reading) => ({
        ...guessRole(reading, conclusion),
        because: `${baseName(origin.file)} names it`,
        ambiguous: false,
      }));
  });
  return { owners: clients, guesses };
}

/** A name such as `client.crt` alone may be that of etcd's own client: the directory has to agree. */
function isSure({ deployed, file = '', by }: FileMatch): boolean {
  const end = deployed.split('/').slice(-2).join('/');
  return by === undefined || (end.includes('/') && file.endsWith(`/${end}`));
}

/** Clients of which it depends on the members whether they are clients of etcd, with the answer. */
export function decidedByAddress(
  clients: readonly StatedClient[],
  members: readonly Member[],
): readonly StatedClient[] {
  return clients.map((client) => {
    if (client.isOfEtcd !== 'by-address') return client;
    const { isOfEtcd: _isOfEtcd, ...ofEtcd } = client;
    return client.endpoints.value.some((url) => leadsToEtcd(url, client, members))
      ? ofEtcd
      : { ...client, isOfEtcd: false as const };
  });
}

function leadsToEtcd(
  url: string,
  { host, network }: StatedClient,
  members: readonly Member[],
): boolean {
  const address = parseEndpoint(url, true);
  const near = isLoopback(address.host)
    ? members.filter((member) => {
        const isApart = areOnTwoHosts(member, { ...(host !== undefined && { host }) });
        const isOtherNetwork = network !== undefined && network.of !== member.network?.of;
        return !isApart && (network?.isHost === true || !isOtherNetwork);
      })
    : members;
  return (['client', 'peer', 'metrics'] as const).some(
    (which) => membersAt(address, near, which).length > 0,
  );
}
