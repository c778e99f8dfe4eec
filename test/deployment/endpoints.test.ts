import { expect, test } from 'vitest';
import { endpointAt, endpointsOf, givenEndpoint } from '../../src/deployment/endpoints.ts';
import { probePlan } from '../../src/deployment/probe-plan.ts';
import { catalogue } from '../../src/checks/index.ts';
import { member as memberWith, set as setting } from '../fixtures/builders.ts';
import { deploy } from '../support/deploy.ts';
import { directoryWith } from '../support/directory.ts';
import { textWith } from '../support/matching.ts';
import { seedDropIn, seedFiles } from '../support/seed-set.ts';

const unknown = endpointAt([], []);

test.each([
  { text: 'https://10.0.0.1:2379', url: 'https://10.0.0.1:2379', serves: 'client' },
  { text: '10.0.0.1:2379', url: 'https://10.0.0.1:2379', serves: 'client' },
  { text: 'http://etcd.lab:2379/', url: 'http://etcd.lab:2379', serves: 'client' },
  { text: 'https://[2001:db8::1]:2379', url: 'https://[2001:db8::1]:2379', serves: 'client' },
  { text: 'https://etcd.lab', url: 'https://etcd.lab:2379', serves: 'client' },
  { text: 'https://etcd.lab:443', url: 'https://etcd.lab:443', serves: 'client' },
])('$text is $url', ({ text, url, serves }) => {
  expect(givenEndpoint(text, unknown)).toMatchObject({ url, serves });
});

test.each([
  { text: '2001:db8::1', hint: 'https://[2001:db8::1]:2379' },
  { text: 'https://', hint: 'https://10.0.0.1:2379' },
  { text: 'ftp://10.0.0.1', hint: 'https://10.0.0.1:2379' },
  { text: '10.0.0.1:99999', hint: 'https://10.0.0.1:2379' },
  { text: 'https://[fe80::1%25eth0]:2379', hint: 'an address with a zone' },
  { text: '[fe80::1%eth0]:2379', hint: 'an address with a zone' },
])('$text is refused with a hint', ({ text, hint }) => {
  const failure = failureOf(() => givenEndpoint(text, unknown));

  expect(failure).toMatchObject({ code: 'ENDPOINT_INVALID', hint: textWith(hint) });
});

test("every member's client and peer port is looked at, with the certificates that it shows there", async () => {
  await using set = await directoryWith({
    ...(await seedFiles()),
    '10-etcd-member.conf': seedDropIn,
  });
  const deployment = await deploy({ paths: [set.path], maps: [] });
  const { members = [] } = deployment.facts;

  expect(endpointsOf(members).map(({ url, serves, member }) => [url, serves, member])).toEqual([
    ['https://10.104.100.236:2379', 'client', 'node1'],
    ['https://10.104.100.236:2380', 'peer', 'node1'],
    ['https://10.104.100.245:2379', 'client', 'node2'],
    ['https://10.104.100.245:2380', 'peer', 'node2'],
    ['https://10.104.100.239:2379', 'client', 'node3'],
    ['https://10.104.100.239:2380', 'peer', 'node3'],
  ]);
  expect(probePlan(deployment, catalogue).credentials.members[0]).toEqual({
    owner: 'node1',
    certificateFile: set.at('node_1_cert.pem'),
    keyFile: set.at('node_1_key_insecure.pem'),
    serves: 'client',
  });
  expect(givenEndpoint('https://37.58.99.228:2379', endpointAt(members, []))).toMatchObject({
    member: 'node1',
  });
});

function failureOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

test('a peer port given as a client endpoint is refused, with what to give instead', () => {
  expect(() => givenEndpoint('https://10.0.0.1:2380', unknown)).toThrowError(/is a peer port/);
});

test('where HTTP has a port of its own, the client port carries gRPC alone', async () => {
  await using set = await directoryWith({
    ...(await seedFiles()),
    '10-etcd-member.conf': `${seedDropIn}\nEnvironment=ETCD_LISTEN_CLIENT_HTTP_URLS=https://10.104.100.236:2378\n`,
  });
  const { members = [] } = (await deploy({ paths: [set.path], maps: [] })).facts;

  const ports = endpointsOf(members).map(({ port, serves, carries }) => ({
    port,
    serves,
    carries,
  }));
  expect(ports).toEqual(
    expect.arrayContaining([
      { port: 2378, serves: 'client', carries: 'http' },
      { port: 2379, serves: 'client', carries: 'grpc' },
    ]),
  );
});

test('an endpoint that is given in several ways is looked at once', async () => {
  await using set = await directoryWith({ 'ca.pem': (await seedFiles())['ca_cert.pem'] ?? '' });
  const you = { endpoints: ['https://10.0.0.1:2379', '10.0.0.1:2379', 'https://10.0.0.1:2379/'] };
  const deployment = await deploy({ paths: [set.path], maps: [], you });

  expect(probePlan(deployment, catalogue).endpoints.map(({ url }) => url)).toEqual([
    'https://10.0.0.1:2379',
  ]);
});

test('an address that several members have is that of none of them', () => {
  const at = endpointAt(
    ['node1', 'node2'].map((name) =>
      memberWith({
        name,
        with: { addresses: ['127.0.0.1'], hostnames: ['etcd.lab', `${name}.lab`] },
      }),
    ),
    [],
  );

  expect(at('https://127.0.0.1:4001').member).toBeUndefined();
  expect(at('https://etcd.lab:4001').member).toBeUndefined();
  expect(at('https://node2.lab:4001').member).toBe('node2');
});

test('a URL that several members are assumed to have is that of none of them', () => {
  const urls = { advertiseClientUrls: setting(['https://localhost:2379']) };
  const members = ['node1', 'node2'].map((name) => memberWith({ name, settings: urls }));

  expect(endpointsOf(members).find(({ host }) => host === 'localhost')).not.toHaveProperty(
    'member',
  );
  expect(endpointsOf(members).find(({ host }) => host === '10.0.0.2')).toMatchObject({
    member: 'node2',
  });
});
