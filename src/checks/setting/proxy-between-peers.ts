import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Member } from '../../model/inventory.ts';
import { etcdListener } from '../support/references.ts';
import { showOrigin } from '../../deployment/listeners.ts';
import { hostOf, isLoopback } from '../../model/host.ts';
import { enumerate } from '../../model/words.ts';

export const proxyBetweenPeers = defineCheck({
  id: 'proxy-between-peers',
  title: 'HTTPS_PROXY sends peer connections through a proxy',
  severity: 'medium',
  rationale:
    'Members connect to their peers through the proxy in the environment. The peer port then sees the ' +
    'address of the proxy, which is in no certificate, and rejects the member.',
  remediation: 'Add every peer to NO_PROXY, or unset HTTPS_PROXY for etcd.',
  references: ['https://pkg.go.dev/net/http#ProxyFromEnvironment', etcdListener],

  needs: ['members'],

  targets: ({ members }) => members,

  examine({ name, settings }, { facts: { members } }) {
    const environment = settings.processEnvironment;
    const proxy = environment['HTTPS_PROXY'] ?? environment['https_proxy'];
    if (proxy === undefined || proxy.value === '') return pass;

    const exempt = (environment['NO_PROXY'] ?? environment['no_proxy'])?.value ?? '';
    const peers = members.filter((other) => other.name !== name).flatMap(peerHosts);
    const throughProxy = peers.filter((host) => !isExempt(host, exempt));
    if (throughProxy.length === 0) return pass;

    return fail({
      message: `${name} connects to ${enumerate(throughProxy)} through the proxy ${withoutPassword(proxy.value)}`,
      expected: 'every peer in NO_PROXY',
      actual: `${showOrigin(proxy.origin)}, NO_PROXY ${exempt === '' ? 'unset' : exempt}`,
    });
  },
});

function peerHosts({ settings }: Member): readonly string[] {
  return settings.initialAdvertisePeerUrls.value
    .map(hostOf)
    .filter((host) => host !== undefined && !isLoopback(host))
    .map(String);
}

/** Networks in NO_PROXY are taken to cover every address: better silent than wrong. */
function isExempt(host: string, exempt: string): boolean {
  const entries = exempt.split(',').map((entry) => entry.trim().replace(/^\./, ''));
  return entries.some(
    (entry) =>
      entry === '*' ||
      entry.includes('/') ||
      (entry !== '' && (host === entry || host.endsWith(`.${entry}`))),
  );
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
