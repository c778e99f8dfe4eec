import { bypassesRevocationList } from '../../etcd/effective-tls.ts';
import { etcdVersion } from '../../etcd/version.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { showOrigin } from '../../deployment/listeners.ts';

export const crlBypassed = defineCheck({
  id: 'crl-bypassed',
  title: 'gRPC clients are not held against the revocation list',
  severity: 'high',
  rationale:
    'With `--listen-client-http-urls` gRPC gets a listener of its own, on which etcd before 3.5.32, 3.6.13 ' +
    'and 3.7.0 (and every 3.4 that has the flag) does not consult `--client-crl-file`: revoked ' +
    'certificates keep full access.',
  remediation:
    'Upgrade to 3.5.32, 3.6.13, 3.7.0 or later, one member at a time, or drop `--listen-client-http-urls`.',
  references: ['https://github.com/etcd-io/etcd/security/advisories/GHSA-3wh4-j44w-pg92'],
  standards: [],

  needs: ['members'],

  targets: ({ members }) => members.filter(({ settings }) => settings.client.crlFile !== undefined),

  examine({ settings, etcdVersion: version }) {
    if (!bypassesRevocationList(settings, etcdVersion(version.value))) return pass;

    const setting = settings.listenClientHttpUrls;
    return fail({
      message: `etcd ${version.value} lets revoked certificates in over gRPC`,
      expected: 'the revocation list to be consulted for every client',
      actual: setting === undefined ? '--listen-client-http-urls' : showOrigin(setting.origin),
    });
  },
});
