import { expect, test } from 'vitest';
import { clientEndpointNotInCertificate } from '../../src/checks/client/client-endpoint-not-in-certificate.ts';
import { clientEndpointNotAMember } from '../../src/checks/client/client-endpoint-not-a-member.ts';
import { clientWithOneEndpoint } from '../../src/checks/client/client-with-one-endpoint.ts';
import { clientWithoutAuthority } from '../../src/checks/client/client-without-authority.ts';
import { clientWithoutCertificate } from '../../src/checks/client/client-without-certificate.ts';
import { memberCommonNameIsUser } from '../../src/checks/client/member-common-name-is-user.ts';
import type { Edge } from '../../src/model/forecast.ts';
import type { Client } from '../../src/model/inventory.ts';
import {
  certificateFile,
  certificateSet,
  client,
  edge,
  files,
  leaf,
  member,
  members,
  set,
} from '../fixtures/builders.ts';
import { verdicts } from '../support/verdicts.ts';
import { containing } from '../support/containing.ts';

const { certFile: _certificate, keyFile: _key, caFile: _ca, ...bare } = client();

test.each<{ what: string; who: Client; certificate: string; authority: string }>([
  { what: 'all three', who: client(), certificate: 'pass', authority: 'pass' },
  { what: 'none of the three', who: bare, certificate: 'fail', authority: 'not-applicable' },
  {
    what: 'three empty flags',
    who: client({ certFile: set(''), keyFile: set(''), caFile: set('') }),
    certificate: 'fail',
    authority: 'not-applicable',
  },
  {
    what: 'a certificate without its key',
    who: client({ keyFile: set('') }),
    certificate: 'fail',
    authority: 'pass',
  },
  {
    what: 'no CA, and verification switched off, which is a finding of its own',
    who: client({ caFile: set(''), insecureSkipVerify: set(true) }),
    certificate: 'pass',
    authority: 'pass',
  },
  {
    what: 'nothing, and endpoints in clear',
    who: { ...bare, endpoints: set(['http://10.0.0.1:2379']) },
    certificate: 'not-applicable',
    authority: 'not-applicable',
  },
])(
  'a client with $what: certificate $certificate, CA $authority',
  ({ who, certificate, authority }) => {
    expect(verdicts(clientWithoutCertificate, { clients: [who] })).toMatchObject([
      { status: certificate },
    ]);
    expect(verdicts(clientWithoutAuthority, { clients: [who] })).toMatchObject([
      { status: authority },
    ]);
  },
);

test('names the flags that are empty', () => {
  const who = client({ certFile: set('', '--etcd-certfile'), keyFile: set('', '--etcd-keyfile') });

  expect(verdicts(clientWithoutCertificate, { clients: [who] })).toMatchObject([
    { actual: '--etcd-certfile and --etcd-keyfile are empty' },
  ]);
});

test.each([
  {
    what: 'etcdctl, which is run by hand',
    who: { kind: 'etcdctl' },
    urls: ['https://10.0.0.1:2379'],
    status: 'not-applicable',
  },
  {
    what: 'an API server',
    who: { kind: 'kube-apiserver' },
    urls: ['https://10.0.0.1:2379'],
    status: 'fail',
  },
  {
    what: 'an API server on the host of its member',
    who: { kind: 'kube-apiserver' },
    urls: ['https://127.0.0.1:2379'],
    status: 'not-applicable',
  },
  {
    what: 'an API server with two',
    who: { kind: 'kube-apiserver' },
    urls: ['https://10.0.0.1:2379', 'https://10.0.0.2:2379'],
    status: 'pass',
  },
])('$what: $status', ({ who, urls, status }) => {
  const clients = [client({ ...who, endpoints: set(urls) })];

  expect(verdicts(clientWithOneEndpoint, { members: members(), clients })).toMatchObject([
    { status },
  ]);
});

test('one endpoint is all there is of a cluster of one', () => {
  const clients = [client({ kind: 'kube-apiserver', endpoints: set(['https://10.0.0.1:2379']) })];

  expect(verdicts(clientWithOneEndpoint, { members: [member()], clients })).toEqual([
    { status: 'not-applicable' },
  ]);
});

function connectingTo(url: string, differences: Partial<Edge> = {}) {
  const refused = edge({
    edge: 'client',
    from: 'etcdctl',
    to: url,
    member: 'node1',
    port: 'client',
    credential: 'client.pem',
    ...differences,
  });
  return {
    ...certificateSet({ clients: [client({ endpoints: set([url]) })] }),
    forecast: [refused],
  };
}

const refusal = {
  outcome: 'refused',
  refusedBy: 'client',
  rule: 'x509.host-name',
  clientError: 'x509: certificate is valid for localhost, not etcd.example',
} as const;

function withoutMember({ forecast, ...facts }: ReturnType<typeof connectingTo>) {
  return { ...facts, forecast: forecast.map(({ member: _member, ...rest }) => rest) };
}

test.each([
  {
    what: 'a member by a name of its certificate',
    facts: connectingTo('https://node1.example:2379'),
    name: 'pass',
    address: 'not-applicable',
  },
  {
    what: 'a member by its address',
    facts: connectingTo('https://10.0.0.1:2379'),
    name: 'pass',
    address: 'pass',
  },
  {
    what: 'loopback',
    facts: connectingTo('https://127.0.0.1:2379'),
    name: 'pass',
    address: 'pass',
  },
  {
    what: 'a name in no certificate that is no known member',
    facts: withoutMember(connectingTo('https://etcd.example:2379', refusal)),
    name: 'fail',
    address: 'not-applicable',
  },
  {
    what: 'an address that is no member',
    facts: withoutMember(connectingTo('https://192.168.56.102:2379', refusal)),
    name: 'not-applicable',
    address: 'fail',
  },
  {
    what: 'a member by a second name',
    facts: connectingTo('https://second.example:2379', refusal),
    name: 'fail',
    address: 'not-applicable',
  },
])('dialling $what: name $name, address $address', ({ facts, name, address }) => {
  expect(verdicts(clientEndpointNotInCertificate, facts)).toMatchObject([{ status: name }]);
  expect(verdicts(clientEndpointNotAMember, facts)).toMatchObject([{ status: address }]);
});

test('a host that the member advertises is a finding at the certificate, not at each client', () => {
  const facts = {
    ...connectingTo('https://etcd.example:2379', refusal),
    members: [member({ settings: { advertiseClientUrls: set(['https://etcd.example:2379']) } })],
  };

  expect(verdicts(clientEndpointNotInCertificate, facts)).toEqual([{ status: 'pass' }]);
});

test('gives the exact error of the client', () => {
  const facts = withoutMember(connectingTo('https://etcd.example:2379', refusal));

  expect(verdicts(clientEndpointNotInCertificate, facts)).toMatchObject([
    {
      message: 'etcdctl connects to etcd.example, which no server certificate names',
      cause: containing(refusal.clientError),
    },
  ]);
});

test('a member that dials with the very certificate of a client shares no name with a user', () => {
  const shared = leaf({ name: 'node1', ipAddresses: ['10.0.0.1'] });
  const facts = certificateSet({
    files: files(certificateFile('node1.pem', shared)),
    clients: [client({ certFile: set('node1.pem'), keyFile: set('node1-key.pem') })],
  });

  expect(verdicts(memberCommonNameIsUser, facts)).toEqual([{ status: 'pass' }]);
});
