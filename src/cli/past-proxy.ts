import { proxyFor } from '../forecast/proxy.ts';
import { parseEndpoint } from '../model/host.ts';
import { tell } from './standard-error.ts';

/**
 * etcdctl and other clients in Go connect as HTTPS_PROXY says (google.golang.org/grpc, internal/transport/proxy.go). Probes do not,
 * so that what they see is the endpoint's.
 */
export function tellOfProxy(endpoints: readonly string[], variables: NodeJS.ProcessEnv): void {
  const processEnvironment = Object.fromEntries(
    Object.entries(variables).map(([name, value = '']) => [name, { value }]),
  );
  for (const endpoint of endpoints) {
    const { host } = parseEndpoint(endpoint, true);
    const proxy = proxyFor({ processEnvironment }, { host, encrypted: true });
    if (proxy === undefined) continue;
    tell(
      `etcd-tls-audit: HTTPS_PROXY sends clients such as etcdctl to ${endpoint} through ${proxy}, and verify connects past it`,
    );
    tell(`hint: add ${host} to NO_PROXY, where clients are meant to connect directly`);
    return;
  }
}
