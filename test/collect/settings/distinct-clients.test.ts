import { expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { directoryWith } from '../../support/directory.ts';

const service = (name: string, mount: string, more = '') =>
  `  ${name}:
    image: etcd-tools
    volumes: ['${mount}:/pki']
    command: etcdctl --cacert=/pki/ca.crt --endpoints=https://etcd:2379${more} endpoint health
`;

async function clientsIn(...services: readonly string[]) {
  await using set = await directoryWith({
    'docker-compose.yml': `services:\n${services.join('')}`,
    'etcd.env': 'ETCD_NAME=etcd\nETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379\n',
  });
  const { facts } = await audit({ paths: [set.path], maps: [] });
  return facts.clients ?? [];
}

test('two processes with the same words and mounts are one client', async () => {
  expect(await clientsIn(service('a', './pki'), service('b', './pki'))).toHaveLength(1);
});

test.each([
  { what: 'other mounts', other: service('b', './other') },
  { what: 'no verification', other: service('b', './pki', ' --insecure-skip-tls-verify') },
  { what: 'a user of their own', other: `${service('b', './pki')}    user: '1000'\n` },
])('with $what they are two', async ({ other }) => {
  expect(await clientsIn(service('a', './pki'), other)).toHaveLength(2);
});
