import { expect, test } from 'vitest';
import type { Certificate } from '../../../src/model/certificate.ts';
import type { Report } from '../../../src/model/report.ts';
import { expiryOf } from '../../../src/report/html/expiry-model.ts';
import { trustGraph } from '../../../src/report/html/trust-graph.ts';
import { trustModel } from '../../../src/report/html/trust-model.ts';
import {
  aCertificate,
  aCertificateFile,
  aMember,
  aName,
  anAuthority,
  filesOf,
} from '../../support/facts.ts';
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
    ['same name, other key'],
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

  expect(links).toMatchObject([{ broken: 'same name, other key' }]);
});

test('draws authorities that sign each other in a circle', () => {
  const one = anAuthority({ subject: aName('one'), issuer: aName('two') });
  const two = anAuthority({ subject: aName('two'), issuer: aName('one') });

  expect(trustGraph(reportOn([one, two]))?.markup.match(/class="node /g)).toHaveLength(2);
});

test.each([
  [['2027-01-01', '2027-02-01', '2027-03-01'], '2027-02-01'],
  [['2027-01-01', '2027-02-01', '2027-03-01', '2027-04-01', '2027-05-01'], '2027-03-01'],
  [['2027-01-01'], '2027-01-01'],
  [['2040-01-01', '2041-01-01', '2042-01-01'], '2035-01-01'],
])('with peer certificates that end %j quorum is lost %s', (ends, lost) => {
  const names = ends.map((_, index) => `node${index}`);
  const files = ends.map((end, index) =>
    aCertificateFile(
      filesOf(names[index] ?? '').peerCertificate,
      aCertificate({ notAfter: `${end}T00:00:00.000Z` }),
    ),
  );
  const members = names.map((name) => aMember({ name }));
  const facts = { files: [aCertificateFile('ca.crt', anAuthority()), ...files], members };

  const { quorumLost = 0 } = expiryOf({ ...allPassed, facts });

  expect(new Date(quorumLost).toISOString().slice(0, 10)).toBe(lost);
});

function reportOn(certificates: readonly Certificate[]): Report {
  const files = certificates.map((certificate, index) =>
    aCertificateFile(`${index}.crt`, certificate),
  );
  return { ...allPassed, facts: { files } };
}
