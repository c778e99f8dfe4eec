import { rules } from './rules.ts';
import { type Opinion, type Refusal, refuses } from './judgement.ts';
import { isIpAddress, canonicalHost } from '../model/host.ts';

const rule = 'etcd.generated-certificate';
const unknown = 'x509: certificate signed by unknown authority';
const said = 'on-verifying';
const remedy = rules[rule].remedy();

/** The certificate that etcd makes for `--auto-tls` is self-signed, and names the hosts of the listen URLs. */
export function judgeGeneratedServer(hosts: readonly string[], hostName: string): Opinion {
  return refuses({ rule, text: nameFault(hosts, hostName) ?? unknown, said, remedy });
}

export function refuseGeneratedClient(): Refusal {
  return { rule, text: unknown, said, remedy };
}

/** Go looks at names before it looks for an issuer. */
function nameFault(hosts: readonly string[], hostName: string): string | undefined {
  const isAddress = isIpAddress(hostName);
  const names = hosts.filter((host) => isIpAddress(host) === isAddress);
  if (names.some((name) => canonicalHost(name) === canonicalHost(hostName))) return undefined;
  if (names.length > 0)
    return `x509: certificate is valid for ${names.join(', ')}, not ${hostName}`;
  return isAddress
    ? `x509: cannot validate certificate for ${hostName} because it doesn't contain any IP SANs`
    : `x509: certificate is not valid for any names, but wanted to match ${hostName}`;
}
