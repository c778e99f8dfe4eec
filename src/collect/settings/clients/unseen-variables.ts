import type { ClientDraft, UnreadText } from '../../../model/draft.ts';
import type { Setting } from '../../../model/settings.ts';
import { missingFiles, neededFiles, type Process } from '../process.ts';
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
  const needed = neededFiles(process);
  const all = missingFiles(process);
  const seen = clients.map((client): SeenClients => {
    if (!isWhole(client)) return withUnseen(client, all, process);
    if (variables === 'fill in' || all.length === 0) return { clients: [client], open: [] };
    return needed.length === 0
      ? { clients: [{ ...client, optional: all }], open: [] }
      : { clients: [client], open: [openFor(client, needed)] };
  });
  return {
    clients: seen.flatMap((each) => each.clients),
    open: seen.flatMap((each) => each.open),
  };
}

function withUnseen(
  client: ClientDraft,
  files: readonly string[],
  { doubts, template }: Process,
): SeenClients {
  const places = doubts.map(({ path, line = 1 }) => `${path}:${line}`);
  const [place] = [...files, ...(template === undefined ? [] : [template]), ...places];
  if (place === undefined) return { clients: [client], open: [] };
  const because = `${place} may set this, and was not read`;
  const supposed: Setting<string> = {
    value: place,
    origin: { via: 'assumed', because, isPlace: true },
  };
  // What etcdctl of any later release leaves open is said of its own reading.
  const isAsked = files.length > 0 && !isOfThree(client);
  const open = isAsked ? [openFor(client, files)] : [];
  return { clients: [unpredicted(client, supposed)], open };
}

/** Whether it is how etcdctl up to 3.3 reads its settings. */
function isOfThree({ lifetime }: ClientDraft): boolean {
  return lifetime !== undefined && 'before' in lifetime && lifetime.before === '3.4.0';
}

function openFor({ kind, origin }: ClientDraft, files: readonly string[]): UnreadText {
  return variablesNotGiven(kind, origin, files);
}

/** Whether all that decides about connections is set. */
export function isWhole({ endpoints, caFile, certFile, keyFile }: ClientDraft): boolean {
  return [endpoints, caFile, certFile, keyFile].every(
    (setting) => setting !== undefined && setting.origin.via !== 'default',
  );
}

function unpredicted(client: ClientDraft, supposed: Setting<string>): ClientDraft {
  const files = { caFile: supposed, certFile: supposed, keyFile: supposed };
  const endpoints = { value: [], origin: client.endpoints.origin };
  // The other half may be set where nothing was seen.
  const problems = client.problems.filter(({ why }) => why !== 'half-pair-of-etcdctl');
  return { ...files, ...client, endpoints, problems };
}
