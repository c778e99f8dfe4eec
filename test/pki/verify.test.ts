import { expect, test } from 'vitest';
import type { Certificate } from '../../src/model/certificate.ts';
import { goRelease } from '../../src/pki/go-release.ts';
import { verifyHostName } from '../../src/pki/host-name.ts';
import { allows } from '../../src/pki/key-usage.ts';
import { parseCertificate } from '../../src/pki/parse-certificate.ts';
import { verify } from '../../src/pki/verify.ts';
import { fromPem, inDays, issueAuthority, type Issued } from '../support/pki.ts';

const go = goRelease('1.25.5');
const authority = await issueAuthority({ commonName: 'etcd-ca' });
const root = certificateOf(authority);

function certificateOf({ certificatePem }: Issued): Certificate {
  const parsed = parseCertificate(fromPem(certificatePem));
  if (!parsed.ok) throw new Error(parsed.error.text);
  return parsed.certificate;
}

function judge(leaf: Certificate, roots: readonly Certificate[], hostName?: string) {
  return verify(leaf, {
    roots,
    intermediates: [],
    usage: 'serverAuth',
    at: new Date(),
    go,
    ...(hostName !== undefined && { hostName }),
  });
}

test('gives the chain when all is well', async () => {
  const leaf = certificateOf(await authority.issue({ hosts: ['10.0.0.1'] }));

  expect(judge(leaf, [root], '10.0.0.1')).toEqual({ ok: true, chains: [[leaf, root]] });
});

test('blames the authority that has expired, not the leaf', async () => {
  const expired = await issueAuthority({
    commonName: 'old-ca',
    validFrom: inDays(-20),
    validTo: inDays(-10),
  });
  const leaf = certificateOf(await expired.issue({ hosts: ['a'], validTo: inDays(10) }));

  const result = judge(leaf, [certificateOf(expired)]);
  expect(result).toMatchObject({
    ok: false,
    error: { kind: 'x509.expired', certificate: { subject: { commonName: 'old-ca' } } },
  });
});

test('names the near miss when an authority of the same name has another key', async () => {
  const namesake = certificateOf(await issueAuthority({ commonName: 'etcd-ca' }));
  const leaf = certificateOf(await authority.issue({ hosts: ['a'] }));

  expect(judge(leaf, [namesake])).toMatchObject({
    ok: false,
    error: {
      kind: 'x509.same-name-other-key',
      text: 'x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "etcd-ca")',
      hint: { certificate: { sha256: namesake.sha256 } },
    },
  });
});

test('blames the certificate that forbids the usage', async () => {
  const client = certificateOf(await authority.issue({ usages: ['clientAuth'] }));

  expect(judge(client, [root])).toMatchObject({
    error: { kind: 'x509.key-usage', certificate: { sha256: client.sha256 } },
  });
  expect(allows(client, 'clientAuth')).toBe(true);
  expect(allows(client, 'serverAuth')).toBe(false);
});

test('judges certificates that came as plain data', async () => {
  const leaf = certificateOf(await authority.issue({ hosts: ['a'] }));
  const copy = structuredClone(leaf);

  expect(judge(copy, [structuredClone(root)], 'b')).toMatchObject({
    error: { kind: 'x509.host-name', text: 'x509: certificate is valid for a, not b' },
  });
  expect(verifyHostName(copy, 'A', go)).toBeUndefined();
});

test('reads a release in every form and keeps to the nearest that is known', () => {
  expect(goRelease('go1.23.8')).toMatchObject({ minor: 23, patch: 8, known: true });
  expect(goRelease('1.24')).toMatchObject({ minor: 24, known: true });
  expect(goRelease('1.99.1')).toMatchObject({ minor: 27, known: false });
  expect(goRelease('1.9')).toMatchObject({ minor: 12, known: false });
  expect(goRelease('devel')).toMatchObject({ minor: 25, known: false });
});

test('lets the common name stand in for a host until Go 1.14, as etcd 3.4.0 to 3.4.16 do', async () => {
  const leaf = certificateOf(await authority.issue({ commonName: 'node1.example.com' }));
  const host = 'node1.example.com';

  expect(verifyHostName(leaf, host, goRelease('1.12.17'))).toBeUndefined();
  expect(verifyHostName(leaf, 'node2', goRelease('1.12.17'))).toBe(
    'x509: certificate is valid for node1.example.com, not node2',
  );
  expect(verifyHostName(leaf, host, goRelease('1.15.15'))).toMatch(/x509ignoreCN=0$/);
  expect(verifyHostName(leaf, host, goRelease('1.17'))).toMatch(/use SANs instead$/);
});

test('checks the names of an authority against its own constraints since Go 1.19', async () => {
  const constrained = await issueAuthority({
    commonName: 'constrained',
    issuedBy: authority,
    hosts: ['other.example.org'],
    nameConstraints: { permitted: { dnsNames: ['example.com'] } },
  });
  const leaf = certificateOf(await constrained.issue({ hosts: ['node1.example.com'] }));
  const judgedBy = (release: string) =>
    verify(leaf, {
      roots: [root],
      intermediates: [certificateOf(constrained)],
      usage: 'serverAuth',
      at: new Date(),
      go: goRelease(release),
    });

  expect(judgedBy('1.18.10')).toMatchObject({ ok: true });
  expect(judgedBy('1.19.8')).toMatchObject({ error: { kind: 'x509.name-constraints' } });
});

test('writes the times of an expired certificate since Go 1.14', async () => {
  const leaf = certificateOf(
    await authority.issue({ validFrom: inDays(-20), validTo: inDays(-10) }),
  );
  const textOf = (release: string) => {
    const result = verify(leaf, {
      roots: [root],
      intermediates: [],
      usage: 'serverAuth',
      at: new Date(),
      go: goRelease(release),
    });
    return result.ok ? '' : result.error.text;
  };

  expect(textOf('1.13.15')).toBe('x509: certificate has expired or is not yet valid');
  expect(textOf('1.14.15')).toMatch(
    /^x509: certificate has expired or is not yet valid: current time /,
  );
});
