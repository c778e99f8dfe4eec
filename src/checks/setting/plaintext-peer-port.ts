import { servesApiOnPeerPort } from '../../etcd/effective-tls.ts';
import { etcdVersion } from '../../etcd/version.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { openScheme } from '../support/open-scheme.ts';
import { plaintextListeners, showOrigin } from '../../deployment/listeners.ts';
import { etcdConfiguration, etcdSecurity } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const plaintextPeerPort = defineCheck({
  id: 'plaintext-peer-port',
  title: 'Peer port is served without TLS',
  severity: 'critical',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'Raft carries every key and value. On an http peer URL anyone can read the traffic, act as a member ' +
    'and download a snapshot of all data; up to etcd 3.5 the whole client API answers there too, whatever ' +
    'the client port requires.',
  remediation:
    'Give each member a peer certificate, then change its peer URL to https with `etcdctl member update ' +
    'ID --peer-urls=…` and restart it, one member at a time.',
  references: [etcdConfiguration, etcdSecurity, 'https://github.com/etcd-io/etcd/issues/11509'],
  standards: [...cis('2.4'), ...stig('V-242432', 'V-242433')],

  explains: ['tls.tls-to-plaintext'],
  needs: ['members'],

  targets: (facts) => plaintextListeners(facts, 'peer', 'network'),

  examine({ open, member }) {
    if (open.length === 0) return pass;
    if (member.settings.listenPeerUrls.origin.via === 'assumed')
      return openScheme(member.name, 'peer');

    const version = etcdVersion(member.etcdVersion.value);
    const servesApi = servesApiOnPeerPort(member.settings, version);
    return fail({
      about: [aboutSetting(member.name, 'listen-peer-urls')],
      message: `anyone who can reach ${enumerate(open)} can read all data`,
      expected: 'https',
      actual: showOrigin(member.settings.listenPeerUrls.origin),
      ...(servesApi && {
        cause: `etcd ${version.text} serves the whole client API there as well, for reading and writing`,
      }),
    });
  },
});
