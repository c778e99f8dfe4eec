const readByGo =
  /^(?:GODEBUG|GOFIPS140|https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|GRPC_\w+)$/i;

/** Whether Go's runtime and libraries act on a variable, whatever etcd's settings are. */
export function isReadByGo(name: string): boolean {
  return readByGo.test(name);
}
