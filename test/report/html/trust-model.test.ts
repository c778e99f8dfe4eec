import { expect, test } from 'vitest';
import type { Certificate } from '../../../src/model/certificate.ts';
import type { Report } from '../../../src/model/report.ts';
import { partOf } from '../../../src/report/html/part.ts';
import { trustGraph } from '../../../src/report/html/trust-graph.ts';
import { trustModel } from '../../../src/report/html/trust-model.ts';
import { aCertificate, aCertificateFile, aName, anAuthority } from '../../support/facts.ts';
import { rotation } from './clusters.ts';
import { allPassed } from '../every-verdict.ts';

const authority = anAuthority({ subjectKeyId: 'aa' });

test.each<[string, readonly Certificate[], readonly (string | undefined)[]]>([
  [
    'holds where name and key identifier fit',
    [authority, aCertificate({ authorityKeyId: 'aa' })],
    [undefined],
  ],
  ['holds where a certificate names no key', [authority, aCertificate()], [undefined]],
  [
    'does not hold over another key',
    [authority, aCertificate({ authorityKeyId: 'bb' })],
    ['same name, different key'],
  ],
  ['does not hold where the issuer is missing', [aCertificate()], ['issuer not found']],
  [
    'chooses the one of two namesakes that fits',
    [anAuthority({ subjectKeyId: 'bb' }), authority, aCertificate({ authorityKeyId: 'aa' })],
    [undefined],
  ],
])('a link %s', (_name, certificates, broken) => {
  expect(trustModel(reportOn(certificates)).links.map((link) => link.broken)).toEqual(broken);
});

test('does not hold where the forecast says so, whatever the names say', () => {
  const leaf = aCertificate({ authorityKeyId: 'aa' });
  const [edge] = [
    {
      target: { kind: 'edge', name: 'x' },
      edge: 'peer',
      from: 'a',
      to: 'b',
      port: 'peer',
      outcome: 'refused',
      wanted: 'accepted',
      rule: 'x509.same-name-other-key',
      blame: { sha256: leaf.sha256 },
    } as const,
  ];

  const { links } = trustModel({ ...reportOn([authority, leaf]), forecast: [edge] });

  expect(links).toMatchObject([{ broken: 'same name, different key' }]);
});

test('draws authorities that sign each other in a circle', () => {
  const one = anAuthority({ subject: aName('one'), issuer: aName('two') });
  const two = anAuthority({ subject: aName('two'), issuer: aName('one') });

  const report = reportOn([one, two]);
  expect(trustGraph(partOf({ report }, '', report))?.markup.match(/class="node /g)).toHaveLength(2);
});

test('tells generations of a CA apart, and what a cross-signed certificate is for', () => {
  const { nodes, links } = trustModel(rotation());
  const roots = nodes.filter(({ kind }) => kind === 'authority');

  expect(roots.map(({ title, crossSigns }) => [title, crossSigns?.title])).toEqual([
    ['etcd-ca-2024', undefined],
    ['etcd-ca, from 2026-11-01', undefined],
    ['etcd-ca, from 2026-11-01', 'etcd-ca, from 2026-11-01'],
  ]);
  // What the new CA issued stands below its own certificate, whichever of the two comes first.
  const own = nodes.find(({ title, crossSigns }) => title.startsWith('etcd-ca,') && !crossSigns);
  expect(links.filter(({ from }) => from === own?.id)).toHaveLength(2);
  expect(links.filter(({ broken }) => broken !== undefined)).toEqual([]);
});

function reportOn(certificates: readonly Certificate[]): Report {
  const files = certificates.map((certificate, index) =>
    aCertificateFile(`${index}.crt`, certificate),
  );
  return { ...allPassed, facts: { files } };
}
