import { isIpAddress } from '../etcd/urls.ts';
import { canonical } from './endpoints.ts';
import { type Opinion, type Refusal, refuses } from './judgement.ts';

const rule = 'etcd.generated-certificate';
const unknown = 'x509: certificate signed by unknown authority';
const remedy =
  'give the member a certificate of a CA instead of `--auto-tls` or `--peer-auto-tls`: nobody can verify one that it made for itself';

/** The certificate that etcd makes for `--auto-tls` is self-signed, and names the hosts of the listen URLs. */
export function judgeGeneratedServer(hosts: readonly string[], hostName: string): Opinion {
  return refuses({ rule, text: nameFault(hosts, hostName) ?? unknown, remedy });
}

export function refuseGeneratedClient(): Refusal {
  return { rule, text: unknown, remedy };
}

/** Go looks at names before it looks for an issuer. */
function nameFault(hosts: readonly string[], hostName: string): string | undefined {
  const isAddress = isIpAddress(hostName);
  const names = hosts.filter((host) => isIpAddress(host) === isAddress);
  if (names.some((name) => canonical(name) === canonical(hostName))) return undefined;
  if (names.length > 0)
    return `x509: certificate is valid for ${names.join(', ')}, not ${hostName}`;
  return isAddress
    ? `x509: cannot validate certificate for ${hostName} because it doesn't contain any IP SANs`
    : `x509: certificate is not valid for any names, but wanted to match ${hostName}`;
}
