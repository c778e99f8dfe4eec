import { bypassesRevocationList } from '../../etcd/effective-tls.ts';
import { etcdVersion } from '../../etcd/version.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { showOrigin } from '../../deployment/listeners.ts';

export const crlBypassed = defineCheck({
  id: 'crl-bypassed',
  title: 'etcd does not check gRPC clients against the CRL',
  severity: 'high',
  rationale:
    'With `--listen-client-http-urls` gRPC gets a separate listener, on which etcd before 3.5.32, 3.6.13 ' +
    'and 3.7.0 (and every 3.4 that has the flag) does not read `--client-crl-file`: revoked certificates ' +
    'keep full access.',
  remediation:
    'Upgrade to 3.5.32, 3.6.13, 3.7.0 or later, one member at a time, or remove ' +
    '`--listen-client-http-urls`.',
  references: ['https://github.com/etcd-io/etcd/security/advisories/GHSA-3wh4-j44w-pg92'],

  needs: ['members'],

  targets: ({ members }) => members.filter(({ settings }) => settings.client.crlFile !== undefined),

  examine({ settings, etcdVersion: version }) {
    if (!bypassesRevocationList(settings, etcdVersion(version.value))) return pass;

    const setting = settings.listenClientHttpUrls;
    return fail({
      message: `etcd ${version.value} accepts revoked certificates over gRPC`,
      expected: 'the CRL is checked for every client',
      actual: setting === undefined ? '--listen-client-http-urls' : showOrigin(setting.origin),
    });
  },
});
