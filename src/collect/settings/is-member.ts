import { wordSet } from '../../model/table.ts';
import { flagOfVariable } from '../../etcd/flags.ts';
import type { Process } from './process.ts';
import { isAsked, isEtcd } from './programs.ts';

/** Variables that an etcd server reads and nothing else does. */
const serverVariable =
  /^ETCD_(?:LISTEN_|INITIAL_|ADVERTISE_|PEER_|DATA_DIR|NAME$|CLIENT_CERT_AUTH|TRUSTED_CA_FILE|CONFIG_FILE|AUTO_TLS|CLIENT_CRL_FILE)/;

const proxies = wordSet('gateway grpc-proxy');

const clientVariables = wordSet('ETCD_CA_CERT_FILE ETCD_ENDPOINTS ETCD_URLS');

const serverFlags = wordSet('listen-client-urls listen-peer-urls initial-cluster peer-cert-file');

/** Whether a process is an etcd server, by its program or, where there is none, by its variables. */
export function isMember(process: Process): boolean {
  const { program, variables, words } = process;
  // etcd's binary is also two kinds of proxy.
  if (proxies.has(words[0]?.text ?? '')) return false;
  if (isAsked(words.map(({ text }) => text))) return false;
  if (program !== undefined) return isEtcd(program);
  if (words.some(({ text }) => serverFlags.has(/^--?([^=]*)/.exec(text)?.[1] ?? ''))) {
    return true;
  }
  if (variables.some(({ name }) => serverVariable.test(name))) return true;
  if (variables.some(({ name }) => clientVariables.has(name))) return false;
  return variables.some(({ name }) => flagOfVariable(name) !== undefined);
}
