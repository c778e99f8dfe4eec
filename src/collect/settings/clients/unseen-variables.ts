import type { ClientDraft, UnreadText } from '../../../model/draft.ts';
import type { Setting } from '../../../model/settings.ts';
import { neededFiles, type Process } from '../process.ts';
import { variablesNotGiven } from '../unread-at.ts';
import type { EtcdClient } from './etcd-client.ts';

/** Clients of a process, and what files that were not given may set of them. */
export interface SeenClients {
  readonly clients: readonly ClientDraft[];
  readonly open: readonly UnreadText[];
}

/**
 * A client whose variables may be set where nothing was seen: nothing is concluded from what is not set, and its
 * connections are not predicted.
 */
export function withUnseenVariables(
  clients: readonly ClientDraft[],
  { variables }: Pick<EtcdClient, 'variables'>,
  process: Process,
): SeenClients {
  if (variables === undefined || clients.length === 0) return { clients, open: [] };
  const files = neededFiles(process);
  const doubts = process.doubts.map(({ path, line = 1 }) => `${path}:${line}`);
  const [place] = [...files, ...doubts];
  if (place === undefined) return { clients, open: [] };
  const because = `${place} may set this, and was not read`;
  const supposed: Setting<string> = { value: place, origin: { via: 'assumed', because } };
  const open = clients.filter((client) => variables === 'conflict' || !isWhole(client));
  return {
    clients: clients.map((client) => (isWhole(client) ? client : unpredicted(client, supposed))),
    open:
      files.length === 0
        ? []
        : open.map(({ kind, origin }) => variablesNotGiven(kind, origin, files)),
  };
}

/** Whether all that decides about connections is set. */
function isWhole({ endpoints, caFile, certFile, keyFile }: ClientDraft): boolean {
  return [endpoints, caFile, certFile, keyFile].every(
    (setting) => setting !== undefined && setting.origin.via !== 'default',
  );
}

function unpredicted(client: ClientDraft, supposed: Setting<string>): ClientDraft {
  const files = { caFile: supposed, certFile: supposed, keyFile: supposed };
  return { ...files, ...client, endpoints: { value: [], origin: client.endpoints.origin } };
}
