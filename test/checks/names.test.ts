import { describe, expect, test } from 'vitest';
import { certificateValidForEveryMember } from '../../src/checks/credential/certificate-valid-for-every-member.ts';
import { advertisedNameNotInCertificate } from '../../src/checks/name/advertised-name-not-in-certificate.ts';
import { ipAddressAsDnsName } from '../../src/checks/name/ip-address-as-dns-name.ts';
import { loopbackNotInCertificate } from '../../src/checks/name/loopback-not-in-certificate.ts';
import { nameInCommonNameOnly } from '../../src/checks/name/name-in-common-name-only.ts';
import { serverCertificateWithoutNames } from '../../src/checks/name/server-certificate-without-names.ts';
import { wildcardName } from '../../src/checks/name/wildcard-name.ts';
import type { Check } from '../../src/model/check.ts';
import {
  certificateFile,
  certificateSet,
  client,
  files,
  leaf,
  type Leaf,
  member,
  set,
} from '../fixtures/builders.ts';
import { reportOn, verdicts } from '../support/verdicts.ts';
import { containing } from '../support/containing.ts';

/** Ids of the checks that fail for a cluster of node1 alone with this certificate. */
function findings(certificate: Leaf, settings: Parameters<typeof member>[0] = {}) {
  const facts = certificateSet({
    files: files(certificateFile('node1.pem', leaf(certificate))),
    members: [member(settings)],
    clients: [client()],
  });
  const checks: readonly Check[] = [
    advertisedNameNotInCertificate,
    ipAddressAsDnsName,
    loopbackNotInCertificate,
    nameInCommonNameOnly,
    serverCertificateWithoutNames,
    wildcardName,
  ];
  return checks
    .filter((check) => verdicts(check, facts).some(({ status }) => status === 'fail'))
    .map(({ id }) => id);
}

test.each([
  {
    what: 'addresses and names that are dialled',
    certificate: { dnsNames: ['localhost'], ipAddresses: ['10.0.0.1'] },
    found: [],
  },
  {
    what: 'the address among the DNS names',
    certificate: { dnsNames: ['localhost', '10.0.0.1'] },
    found: ['ip-address-as-dns-name'],
  },
  {
    what: 'the address in both places, as some do for old clients',
    certificate: { dnsNames: ['10.0.0.1', 'localhost'], ipAddresses: ['10.0.0.1'] },
    found: [],
  },
  {
    what: 'an IPv6 address among the DNS names',
    certificate: { dnsNames: ['fd00::1', 'localhost'], ipAddresses: ['10.0.0.1'] },
    found: ['ip-address-as-dns-name'],
  },
  {
    what: 'no SAN at all, which is one finding whatever else is missing',
    certificate: { name: 'node1.example', noNames: true },
    found: ['server-certificate-without-names'],
  },
  {
    what: 'another address',
    certificate: { ipAddresses: ['10.9.9.9', '127.0.0.1'] },
    found: ['advertised-name-not-in-certificate'],
  },
  {
    what: 'no loopback',
    certificate: { ipAddresses: ['10.0.0.1'] },
    found: ['loopback-not-in-certificate'],
  },
  {
    what: 'an FQDN in the common name alone',
    certificate: { name: 'prod.example', dnsNames: ['localhost'], ipAddresses: ['10.0.0.1'] },
    found: ['name-in-common-name-only'],
  },
  {
    what: 'an address as common name, which nobody takes for a host',
    certificate: { name: '10.0.0.1', dnsNames: ['localhost'], ipAddresses: ['10.0.0.1'] },
    found: [],
  },
  {
    what: 'a wildcard that covers the common name',
    certificate: {
      name: 'a.example',
      dnsNames: ['localhost', '*.example'],
      ipAddresses: ['10.0.0.1'],
    },
    found: ['wildcard-name'],
  },
])('$what: $found', ({ certificate, found }) => {
  expect(findings({ name: 'node1', ...certificate })).toEqual(found);
});

test.each([
  { url: 'https://etcd-1.example:2379', found: ['advertised-name-not-in-certificate'] },
  { url: 'https://[fd00::1]:2379', found: ['advertised-name-not-in-certificate'] },
  { url: 'https://localhost:2379', found: [] },
  { url: 'http://etcd-1.example:2379', found: [] },
])('advertising $url: $found', ({ url, found }) => {
  const certificate = { name: 'node1', dnsNames: ['localhost'], ipAddresses: ['10.0.0.1'] };

  expect(findings(certificate, { settings: { advertiseClientUrls: set([url]) } })).toEqual(found);
});

test('one certificate with two missing hosts is one finding that names both and the error', () => {
  const facts = certificateSet({
    files: files(certificateFile('node1.pem', leaf({ name: 'node1', ipAddresses: ['10.9.9.9'] }))),
    members: [
      member({ settings: { initialAdvertisePeerUrls: set(['https://node1.example:2380']) } }),
    ],
  });

  expect(verdicts(advertisedNameNotInCertificate, facts)).toMatchObject([
    {
      status: 'fail',
      expected: '10.0.0.1 and node1.example',
      actual: '10.9.9.9',
      cause: containing('x509: certificate is valid for 10.9.9.9, not 10.0.0.1'),
    },
  ]);
});

test.each([
  { url: 'https://0.0.0.0:2379', fix: containing('to a host that the certificate names') },
  { url: 'https://[fe80::1%25eth0]:2379', fix: containing('to a host that the certificate names') },
  { url: 'https://etcd-1.example:2379', fix: undefined },
])('no certificate is to name what is not one host: $url', ({ url, fix }) => {
  const facts = certificateSet({
    members: [member({ settings: { advertiseClientUrls: set([url]) } })],
  });

  const [verdict] = verdicts(advertisedNameNotInCertificate, facts);
  expect({ fix: undefined, ...verdict }).toMatchObject({ status: 'fail', fix });
});

test('a member certificate stands at its member in the report', () => {
  const [result] = reportOn(loopbackNotInCertificate, certificateSet()).results;

  expect(result?.target).toEqual({
    kind: 'file',
    name: 'node1.pem',
    location: { file: 'node1.pem' },
    member: 'node1',
  });
});

describe('a certificate that is valid for every member', () => {
  const both = leaf({ name: 'node1', ipAddresses: ['10.0.0.1', '10.0.0.2'] });

  test.each([
    { what: 'one member alone', members: [member()], statuses: ['not-applicable'] },
    {
      what: 'members of the same host, which any certificate for it covers',
      members: [member(), member({ name: 'node2', address: '10.0.0.1' })],
      statuses: ['not-applicable'],
    },
    {
      what: 'two members',
      members: [member(), member({ name: 'node2' })],
      statuses: ['fail', 'pass'],
    },
  ])('$what: $statuses', ({ members, statuses }) => {
    const facts = certificateSet({ files: files(certificateFile('node1.pem', both)), members });

    expect(verdicts(certificateValidForEveryMember, facts).map(({ status }) => status)).toEqual(
      statuses,
    );
  });
});
