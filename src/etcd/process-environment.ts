import { wordSet } from '../model/table.ts';
const readByGo = wordSet(
  'GODEBUG GOFIPS140 HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY SSL_CERT_FILE SSL_CERT_DIR',
);

/** Whether Go's runtime and libraries act on a variable, whatever etcd's settings are. */
export function isReadByGo(name: string): boolean {
  const upper = name.toUpperCase();
  return readByGo.has(upper) || upper.startsWith('GRPC_');
}
