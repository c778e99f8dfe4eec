import type { ClientDraft } from '../../../model/draft.ts';
import { enumerate } from '../../../model/words.ts';
import type { Process } from '../process.ts';
import { unreadAt } from '../unread-at.ts';
import { isWhole, type SeenClients } from './unseen-variables.ts';

/** What decides about connections to etcd (patroni/config.py _build_environment_configuration). */
const overriding =
  /^PATRONI_ETCD3?_(?:HOSTS?|PORT|PROTOCOL|URL|PROXY|USE_PROXIES|SRV|SRV_SUFFIX|CACERT|CERT|KEY)$/;

/**
 * Patroni puts each of its variables over the same key of its file. Which file it starts with is not known here, so
 * that variables that leave something to a file make an open question, and nothing is concluded of either alone.
 */
export function withoutOverridden(
  clients: readonly ClientDraft[],
  processes: readonly Pick<Process, 'variables' | 'origin'>[],
): SeenClients {
  const own = clients.filter(({ kind }) => kind === 'patroni');
  const files = own.filter(({ process }) => process === undefined);
  const isLeftToFile = own.length === 0 || files.length > 0;
  const [first] = processes.filter(
    ({ variables, origin }) =>
      variables.some(({ name }) => overriding.test(name)) &&
      !own.some(
        (client) =>
          client.process !== undefined && client.origin.file === origin.file && isWhole(client),
      ),
  );
  if (first === undefined || !isLeftToFile) return { clients, open: [] };
  const set = first.variables.filter(({ name }) => overriding.test(name));
  const names = enumerate([...new Set(set.map(({ name }) => name))], 3);
  const { file, line } = set[0]?.location ?? first.origin;
  const reason = `${names} replace the same settings in the file of Patroni, and what both come to together is not judged`;
  return {
    clients: clients.filter(({ kind }) => kind !== 'patroni'),
    open: [
      unreadAt(
        file,
        line,
        reason,
        'write all that Patroni needs for etcd in its file, or all in its variables',
      ),
    ],
  };
}
