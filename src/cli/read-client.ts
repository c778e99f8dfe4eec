import { defined } from '../model/defined.ts';
import { InputError } from '../input-error.ts';
import type { ProbeRequest } from '../model/probe-plan.ts';
import { parseEndpoint } from '../model/host.ts';
import { publicText } from '../model/public-text.ts';
import { proxyFor } from '../model/proxy.ts';
import type { OptionReader } from './read-options.ts';

/**
 * The client that the options describe; undefined where there are none. `verify` takes the variables of etcdctl
 * too, after the flags, as etcdctl does (etcd's etcdctl/README.md).
 */
export function readClient(options: OptionReader, isLive: boolean): ProbeRequest | undefined {
  const variable = (name: string): string | undefined =>
    isLive ? process.env[`ETCDCTL_${name}`] : undefined;
  const given = options.commaList('endpoints');
  const endpoints = given.length > 0 ? given : (variable('ENDPOINTS') ?? '').split(',');
  const named = endpoints.filter((endpoint) => endpoint !== '').map(publicText);
  const you = defined({
    endpoints: named.length > 0 ? named : undefined,
    trustedCaFile: options.text('cacert') ?? variable('CACERT'),
    certificateFile: options.text('cert') ?? variable('CERT'),
    keyFile: options.text('key') ?? variable('KEY'),
  });
  if (Object.keys(you).length === 0) return undefined;
  refuseHalf(you, isLive);
  return isLive ? { ...you, ...proxiedIn(you, process.env) } : you;
}

/**
 * Which hosts clients in Go reach through HTTPS_PROXY, with TLS and without (google.golang.org/grpc,
 * internal/transport/proxy.go). What the variable holds stays here: it may be a password.
 */
function proxiedIn(
  { endpoints = [] }: ProbeRequest,
  variables: NodeJS.ProcessEnv,
): Pick<ProbeRequest, 'proxied'> {
  const processEnvironment = Object.fromEntries(
    Object.entries(variables).map(([name, value = '']) => [name, { value }]),
  );
  const hosts = endpoints
    .map((endpoint) => parseEndpoint(endpoint, true).host)
    .filter((host) => proxyFor({ processEnvironment }, { host, encrypted: true }) !== undefined);
  return hosts.length === 0 ? {} : { proxied: [...new Set(hosts)] };
}

/** Options that describe no client would silently have no effect. */
function refuseHalf(
  { trustedCaFile, certificateFile, keyFile }: ProbeRequest,
  isLive: boolean,
): void {
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    const [given, missing] = keyFile === undefined ? ['--cert', '--key'] : ['--key', '--cert'];
    throw new InputError('OPTION_INVALID', `${given} has no effect without ${missing}`, {
      hint: 'give both the certificate and its key, as for etcdctl',
    });
  }
  if (isLive || trustedCaFile !== undefined) return;
  throw new InputError('OPTION_INVALID', 'the client has no CA to verify the members with', {
    hint: 'give --cacert FILE as well; only `verify` can examine endpoints without a CA',
  });
}
