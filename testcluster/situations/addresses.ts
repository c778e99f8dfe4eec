import { longAgo } from '../faults/fault.ts';
import { client, ended, filtered, inside, memberAt, named, type Scene } from './scene.ts';
import type { Asked, Situation } from './situation.ts';

/** The client connects by one name that has several addresses. */
export const addresses: readonly Situation[] = [
  {
    name: 'name-with-an-expired-certificate-at-one-address',
    what: 'the name leads to two members, of which one has a certificate that has expired',
    on: {
      members: 3,
      changes: { leaves: { ...namedLeaves(), node_2: { ...namedLeaves()['node_2'], ...longAgo } } },
    },
    arrange: async (scene) => byName(scene, 1, 2),
    verify: ['EXPIRED', 'certificate-expired'],
    also: ['ordinary-client-refused', 'served-certificate-refused'],
    exit: 1,
    explain: ['EXPIRED', 'UNKNOWN'],
  },
  {
    name: 'name-missing-in-one-certificate',
    what: 'the name leads to two members, and the certificate of one lacks it',
    on: { members: 3, changes: { leaves: { node_1: namedLeaves()['node_1'] ?? {} } } },
    arrange: async (scene) => byName(scene, 1, 2),
    verify: ['SAN'],
    also: ['ordinary-client-refused', 'served-certificate-refused'],
    exit: 1,
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'name-with-an-open-port-at-one-address',
    what: 'the name leads to two members, of which one asks for no certificate',
    on: {
      members: 3,
      changes: {
        leaves: namedLeaves(),
        environment: { ETCD_CLIENT_CERT_AUTH: undefined, ETCD_TRUSTED_CA_FILE: undefined },
      },
    },
    arrange: async (scene) => byName(scene, 1, 2),
    verify: ['client-port-admits-anonymous'],
    also: ['members-accept-different-clients', 'client-port-admits-foreign'],
    exit: 1,
    explain: [],
  },
  {
    name: 'name-with-nothing-at-one-address',
    what: 'the name leads to three members, of which one has ended',
    on: { members: 3, changes: { leaves: namedLeaves() } },
    arrange: async (scene) => {
      await ended(scene, 'node1');
      return byName(scene, 1, 2, 3);
    },
    verify: ['peer-connection-down', 'NET'],
    also: ['NET', 'peer-connection-down'],
    exit: 1,
    explain: ['NET'],
  },
  {
    name: 'name-with-silence-at-the-first-address',
    what: 'the name leads to two members, and a firewall drops what comes to the first',
    on: 'three',
    arrange: async (scene) => {
      await filtered(scene, 'node1', '-I INPUT -p tcp --dport 2379 -j DROP');
      return byName(scene, 1, 2);
    },
    verify: ['NET'],
    exit: 1,
    explain: [],
  },
  {
    name: 'name-with-silence-at-the-last-address',
    what: 'the name leads to two members, and a firewall drops what comes to the last',
    on: 'three',
    arrange: async (scene) => {
      await filtered(scene, 'node2', '-I INPUT -p tcp --dport 2379 -j DROP');
      return byName(scene, 1, 2);
    },
    verify: ['NET'],
    exit: 1,
    explain: [],
  },
  {
    name: 'name-with-both-families',
    what: 'the name has an IPv6 address at which nothing listens, and the IPv4 address of a member',
    on: 'three',
    arrange: async (scene) => {
      await inside(scene, 'node1', 'ip -6 addr replace fd00:e7cd::1/64 dev eth0 nodad');
      await inside(scene, undefined, 'ip -6 addr replace fd00:e7cd::fa/64 dev br0 nodad');
      await named(scene, { 'etcd.balanced': ['fd00:e7cd::1', memberAt(scene, 1).node.address] });
      return { parameters: client(scene, ['https://etcd.balanced:2379']) };
    },
    verify: [],
    exit: 0,
    explain: [],
  },
];

/** Server certificates that have the name which all share. */
function namedLeaves(): Readonly<Record<string, { readonly hosts: readonly string[] }>> {
  const hosts = ['10.104.100.236', '10.104.100.245', '10.104.100.239'];
  return Object.fromEntries(
    hosts.map((host, index) => [
      `node_${index + 1}`,
      { hosts: [host, '127.0.0.1', 'localhost', 'etcd.balanced'] },
    ]),
  );
}

async function byName(scene: Scene, ...numbers: readonly number[]): Promise<Asked> {
  await named(scene, {
    'etcd.balanced': numbers.map((number) => memberAt(scene, number).node.address),
  });
  return { parameters: client(scene, ['https://etcd.balanced:2379']) };
}
