import { expect, test } from 'vitest';
import { judge, look } from '../../src/audit.ts';
import type { Directory } from '../support/directory.ts';
import { inDays, issueAuthority } from '../support/pki.ts';
import { certificatesOf, requestOf, seenServing } from '../support/served.ts';

async function edgesOfYou(directory: Directory, hosts: readonly string[]) {
  const request = requestOf(directory, hosts);
  const { forecast } = judge(await look(request), request);
  return forecast
    .filter(({ edge, from }) => edge === 'client' && from === 'you')
    .map(({ to, outcome, member, rule, blame }) => ({
      to: to.replace(/^https:\/\/(.*):2379$/, '$1'),
      outcome,
      member,
      rule,
      file: blame?.file?.replace(`${directory.path}/`, ''),
    }));
}

const expired = { validFrom: inDays(-10), validTo: inDays(-1) };

test.each([
  { names: 'their own address', shared: [] },
  { names: 'their own address and the one that all have', shared: ['127.0.0.1'] },
])('certificates with $names identify members on one machine', async ({ shared }) => {
  await using directory = await certificatesOf({
    node1: { hosts: ['127.0.0.1'] },
    node2: { hosts: ['127.0.0.2', ...shared] },
    node3: { hosts: ['127.0.0.3', ...shared], ...expired },
  });

  expect(await edgesOfYou(directory, ['127.0.0.1', '127.0.0.2', '127.0.0.3'])).toMatchObject([
    { to: '127.0.0.1', outcome: 'accepted', member: 'node1' },
    { to: '127.0.0.2', outcome: 'accepted', member: 'node2' },
    { to: '127.0.0.3', outcome: 'refused', member: 'node3', file: 'node3.pem' },
  ]);
});

test('this host is every member that has no other address', async () => {
  const hosts = ['localhost', '127.0.0.1', '::1'];
  await using directory = await certificatesOf({ node1: { hosts }, node2: { hosts } });

  expect(await edgesOfYou(directory, ['127.0.0.1', '[::1]', 'localhost'])).toMatchObject([
    { to: '127.0.0.1', outcome: 'accepted', member: undefined },
    { to: '[::1]', outcome: 'accepted', member: undefined },
    { to: 'localhost', outcome: 'accepted', member: undefined },
  ]);
});

test('the address of the own name in /etc/hosts of Debian is the one of each host', async () => {
  await using directory = await certificatesOf({
    node1: { hosts: ['10.0.0.1', '127.0.1.1'] },
    node2: { hosts: ['10.0.0.2', '127.0.1.1'] },
    node3: { hosts: ['10.0.0.3', '127.0.1.1'], ...expired },
  });

  expect(await edgesOfYou(directory, ['127.0.1.1', '10.0.0.1'])).toMatchObject([
    { to: '127.0.1.1', outcome: 'not-sure', member: undefined },
    { to: '10.0.0.1', outcome: 'accepted', member: 'node1' },
  ]);
});

const foreign = issueAuthority({ commonName: 'another-ca' });

test('what fails with every member for a reason of its own is not blamed on one of them', async () => {
  const hosts = ['localhost', '127.0.0.1'];
  await using directory = await certificatesOf({
    node1: { hosts, ...expired },
    node2: { hosts, by: await foreign },
  });
  const request = requestOf(directory, ['127.0.0.1']);
  const { forecast } = judge(await look(request), request);

  expect(forecast.filter(({ edge, from }) => edge === 'client' && from === 'you')).toEqual([
    expect.objectContaining({
      outcome: 'not-sure',
      dependsOn: [
        'which member answers at 127.0.0.1: the connection fails with node1 (x509.expired) and node2 (x509.unknown-authority)',
      ],
    }),
  ]);
  expect(forecast.find(({ from }) => from === 'you')).not.toHaveProperty('blame');
});

test('what fails with every member for one reason is refused for it', async () => {
  const hosts = ['localhost', '127.0.0.1'];
  await using directory = await certificatesOf({
    node1: { hosts, by: await foreign },
    node2: { hosts, by: await foreign },
  });

  expect(await edgesOfYou(directory, ['127.0.0.1'])).toMatchObject([
    { outcome: 'refused', rule: 'x509.unknown-authority' },
  ]);
});

test('a host that no certificate names is one reason, with or without other names', async () => {
  await using directory = await certificatesOf({
    node1: { hosts: ['10.0.0.1'] },
    'node2-server': {},
  });

  expect(await edgesOfYou(directory, ['lb.example.com'])).toMatchObject([{ outcome: 'refused' }]);
});

test.each(['localhost', '127.0.0.1'])('a member alone, certified for %s, has TLS', async (host) => {
  await using directory = await certificatesOf({ node1: { hosts: [host] } });

  expect(await edgesOfYou(directory, [host])).toMatchObject([{ outcome: 'accepted' }]);
});

test('a member whose certificate names no host is not assumed to be without TLS', async () => {
  await using directory = await certificatesOf({ 'node1-server': {} });

  expect(await edgesOfYou(directory, ['10.0.0.1'])).toMatchObject([
    { outcome: 'refused', rule: 'x509.host-name' },
  ]);
});

test('of several members that an address may lead to, the one whose certificate is served is there', async () => {
  const hosts = ['localhost', '127.0.0.1'];
  await using directory = await certificatesOf({
    node1: { hosts },
    node2: { hosts, ...expired },
  });

  const { forecast } = await seenServing(directory, { '127.0.0.1': 'node2' });

  expect(forecast.find(({ edge, from }) => edge === 'client' && from === 'you')).toMatchObject({
    outcome: 'refused',
    member: 'node2',
    blame: { file: directory.at('node2.pem') },
  });
});
