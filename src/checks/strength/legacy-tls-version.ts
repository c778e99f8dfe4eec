import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { mozilla } from '../../standards/mozilla-tls.ts';
import { memberNamed } from '../support/subjects.ts';

export const legacyTlsVersion = defineCheck({
  id: 'legacy-tls-version',
  title: 'Port accepts TLS 1.0 or 1.1',
  severity: 'medium',
  decidedBy: 'observation',
  rationale:
    'Both versions are deprecated: they rely on SHA-1 and MD5. etcd itself only supports TLS 1.2 and ' +
    'later, so something else terminates TLS in front of it, or GODEBUG re-enables the old versions.',
  remediation:
    'Let clients connect to etcd itself, or set the proxy to TLS 1.2 and later. ' +
    '`--tls-min-version=TLS1.2` is the lowest version that etcd supports.',
  references: [
    'https://www.rfc-editor.org/rfc/rfc8996',
    'https://wiki.mozilla.org/Security/Server_Side_TLS',
  ],
  standards: [mozilla('intermediate', 'versions')],

  needs: ['offers'],

  targets: ({ offers }) => offers,

  examine({ endpoint, versions, incomplete }) {
    const old = versions.filter((version) => version === '1.0' || version === '1.1');
    if (old.length === 0) {
      if (incomplete === undefined) return pass;
      return inconclusive(`the tests of TLS versions did not finish (${incomplete})`);
    }

    return fail({
      message: `TLS ${old.join(' and ')} ${old.length === 1 ? 'is' : 'are'} accepted by ${memberNamed(endpoint)}`,
      expected: 'TLS 1.2 and 1.3',
      actual: versions.map((version) => `TLS ${version}`).join(', '),
    });
  },
});
