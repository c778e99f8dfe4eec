import { writeFile } from 'node:fs/promises';
import { directoryWith } from '../../support/directory.ts';
import { seedDropIn, seedFiles } from '../../support/seed-set.ts';
import type { Random } from '../../oracle/random.ts';
import { withAccidents } from '../accidents.ts';
import { checkCommand } from '../command.ts';
import { mutateJson } from '../mutate-json.ts';
import { secretPieces, wholeSecrets } from '../secrets.ts';
import { type FuzzTarget, tried } from '../target.ts';

const member = {
  name: 'node1',
  addresses: ['10.104.100.236'],
  hostnames: ['node1.lan'],
  reverseNames: { '10.104.100.236': ['node1.lan'] },
  clientUrls: ['https://10.104.100.236:2379'],
  peerUrls: ['https://10.104.100.236:2380'],
  etcdVersion: '3.5.21',
  settings: '10-etcd-member.conf',
  flags: { 'cipher-suites': ['TLS_AES_128_GCM_SHA256'], 'client-cert-auth': true },
  files: { '/etc/ssl/certs/etcd/ca_cert.pem': 'ca_cert.pem' },
};
const client = {
  name: 'backup',
  kind: 'etcdctl',
  endpoints: ['https://10.104.100.236:2379'],
  caFile: 'ca_cert.pem',
  certFile: 'client_cert.pem',
  keyFile: 'client_key_insecure.pem',
  verifier: 'openssl',
};
const versionTwo = {
  version: 2,
  etcdVersion: '3.5.21',
  maps: { '/etc/ssl/certs/etcd': '.' },
  dns: { 'etcd.lan': ['10.104.100.236'] },
  config: { expiryWarningDays: 30, failOn: 'high', skip: ['weak-rsa-key'] },
  ignore: ['old/**'],
  clusters: [
    { name: 'a', members: [member], clients: [client] },
    { name: 'b', members: [{ ...member, name: 'node2' }] },
  ],
};
const versionOne = { version: 1, members: [member], clients: [client] };

const signs = [
  '\n',
  '  ',
  ': ',
  '- ',
  '*a',
  '&a ',
  '{',
  '}',
  '[',
  ']',
  '"',
  '**',
  '/',
  '..',
  ',',
  ...secretPieces,
];

/** An inventory with accidents: refused with a place and a hint, or the set is judged by it. */
export const inventories: FuzzTarget = {
  name: 'inventories',
  mostMilliseconds: 5000,
  inputs: 80,
  async prepare() {
    const set = await directoryWith({ ...(await seedFiles()), '10-etcd-member.conf': seedDropIn });
    const file = set.at('etcd-tls.yaml');
    return async (random) => {
      const text = inventory(random);
      await writeFile(file, text);
      const command = random.pick(['check', 'check', 'init']);
      const options =
        command === 'init' ? ['--output', '-'] : ['--inventory', file, '--report', 'json'];
      return tried(text, () => checkCommand([command, set.path, ...options], wholeSecrets(text)));
    };
  },
};

/** JSON is YAML. */
function inventory(random: Random): string {
  const whole = random.pick([versionOne, versionTwo]);
  const text = JSON.stringify(random.below(3) === 0 ? whole : mutateJson(whole, random), null, 1);
  return random.below(2) === 0 ? text : withAccidents(text, signs, random);
}
