import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { everyUrl } from './operator.ts';
import {
  client,
  fileOf,
  inside,
  meanwhile,
  memberAt,
  named,
  type Scene,
  serving,
  wholeSet,
} from './scene.ts';
import type { Asked, Situation } from './situation.ts';

type Rest = Omit<Situation, 'name' | 'what' | 'on' | 'arrange'>;

/** Nothing is wrong, whatever it looks like. */
const sound: Rest = { verify: [], exit: 0, explain: [] };

/** What a client meets on the cluster that situations share. */
function met(
  name: string,
  what: string,
  arrange: (scene: Scene) => Asked | Promise<Asked>,
  rest: Rest,
): Situation {
  return { name, what, on: 'three', arrange, ...rest };
}

const given = (scene: Scene, ...urls: readonly string[]): Asked => ({
  parameters: client(scene, urls.length === 0 ? everyUrl(scene) : urls),
});

/** The arguments of a sound client with another file for one of them. */
function withFile(scene: Scene, option: string, file: string): Asked {
  const others = client(scene, everyUrl(scene)).filter((each) => !each.startsWith(`${option}=`));
  return { parameters: [...others, `${option}=${file}`] };
}

async function written(scene: Scene, name: string, text: string): Promise<string> {
  const file = join(scene.places.work, name);
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

const textOf = async (scene: Scene, name: string): Promise<string> =>
  readFile(fileOf(scene, name), 'utf8');

/** Something on the balancer's port that is no etcd, in a line of Python for each connection. */
async function answering(scene: Scene, perConnection: string): Promise<Asked> {
  const { address, clientPort } = scene.front;
  const program = [
    'import socket, threading, time',
    `listener = socket.create_server(('${address}', ${clientPort}))`,
    'def serve(peer):',
    `    ${perConnection}`,
    'while True:',
    '    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()',
  ].join('\n');
  await serving(scene, 'front', ['python3', '-c', program], clientPort);
  return given(scene, `https://${address}:${clientPort}`);
}

const noEtcd: Rest = {
  verify: ['endpoint-unreachable', 'NET', 'PROXY'],
  also: ['ordinary-client-refused'],
  exit: 1,
  explain: [],
};

/** Files and names that look wrong and are not, or are; ports behind which there is something else. */
export const further: readonly Situation[] = [
  met(
    'you-ca-among-others',
    'the CA file of the operator holds another CA first, with the line ends of Windows',
    async (scene) => {
      const both =
        (await textOf(scene, 'other_ca_cert.pem')) + (await textOf(scene, 'ca_cert.pem'));
      const file = await written(scene, 'bundle.pem', both.replaceAll('\n', '\r\n'));
      return withFile(scene, '--cacert', file);
    },
    sound,
  ),
  met(
    'you-pair-in-one-file',
    'certificate and key of the operator are in one file',
    async (scene) => {
      const both =
        (await textOf(scene, 'client_cert.pem')) + (await textOf(scene, 'client_key_insecure.pem'));
      const file = await written(scene, 'pair.pem', both);
      const rest = client(scene, everyUrl(scene)).slice(0, 2);
      return { parameters: [...rest, `--cert=${file}`, `--key=${file}`] };
    },
    sound,
  ),
  met(
    'you-certificate-of-a-member',
    'the operator presents the certificate of a member, which is for clients too',
    (scene) => ({ parameters: client(scene, everyUrl(scene), { pair: 'node_1' }) }),
    sound,
  ),
  met(
    'you-upper-case-name',
    'the operator writes the name in capitals',
    async (scene) => {
      await named(scene, { 'etcd.balanced': memberAt(scene, 1).node.address });
      return given(scene, 'https://ETCD.Balanced:2379');
    },
    sound,
  ),
  met(
    'you-mapped-address',
    'the operator writes the IPv4 address of a member as an IPv6 address',
    (scene) => given(scene, `https://[::ffff:${memberAt(scene, 1).node.address}]:2379`),
    // Go treats both as the same address, OpenSSL's clients do not.
    { ...sound, verify: ['ordinary-client-refused'] },
  ),
  met(
    'you-same-endpoint-twice',
    'the operator gives one endpoint twice, once with a slash at its end',
    (scene) => given(scene, ...everyUrl(scene), `${everyUrl(scene)[0]}/`),
    sound,
  ),
  met(
    'you-without-scheme',
    'the operator gives endpoints without https://, as etcdctl takes them',
    (scene) => given(scene, ...everyUrl(scene).map((url) => url.replace('https://', ''))),
    sound,
  ),
  met(
    'you-behind-a-dead-proxy',
    'HTTPS_PROXY names a proxy that is not there; verify connects past it, and says so',
    (scene) => ({
      ...given(scene),
      environment: { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' },
    }),
    sound,
  ),
  met(
    'name-with-a-dead-address-first',
    'the name resolves to an address where nothing listens, and to a member',
    async (scene) => {
      const { address } = memberAt(scene, 1).node;
      // Two lines of one name.
      await named(scene, {
        'dead.example etcd.balanced': address.replace(/\d+$/, '99'),
        'etcd.balanced': address,
      });
      return given(scene, 'https://etcd.balanced:2379');
    },
    sound,
  ),
  met(
    'you-files-swapped',
    'the operator gives the key as the certificate and the certificate as the key',
    (scene) => ({
      parameters: [
        ...client(scene, everyUrl(scene)).slice(0, 2),
        `--cert=${fileOf(scene, 'client_key_insecure.pem')}`,
        `--key=${fileOf(scene, 'client_cert.pem')}`,
      ],
    }),
    {
      verify: ['certificate-and-key-swapped', 'PEM'],
      also: ['credential-refused'],
      exit: 1,
      explain: [],
    },
  ),
  met(
    'you-key-encrypted',
    'the key of the operator is encrypted, which etcd cannot read',
    async (scene) => {
      const file = join(scene.places.work, 'encrypted.pem');
      const key = fileOf(scene, 'client_key_insecure.pem');
      await inside(
        scene,
        undefined,
        `openssl pkcs8 -topk8 -v2 aes256 -passout pass:secret -in ${key} -out ${file}`,
      );
      return withFile(scene, '--key', file);
    },
    {
      verify: ['encrypted-private-key', 'PEM'],
      also: ['credential-refused'],
      exit: 1,
      explain: [],
    },
  ),
  met(
    'you-empty-ca-file',
    'the CA file of the operator is empty',
    async (scene) => withFile(scene, '--cacert', await written(scene, 'empty.pem', '')),
    {
      verify: ['empty-authority-file', 'PEM', 'CA-CLIENT', 'authority-file-refused'],
      also: ['ordinary-client-refused'],
      exit: 1,
      explain: [],
    },
  ),
  met(
    'you-leaf-as-ca',
    'the CA file of the operator holds the certificate of one member instead',
    (scene) => withFile(scene, '--cacert', fileOf(scene, 'node_1_cert.pem')),
    {
      verify: ['leaf-in-authority-file', 'CA-CLIENT', 'unknown-authority'],
      // Go trusts the member whose certificate it is, OpenSSL wants its issuer.
      also: ['leaf-in-authority-file', 'served-certificate-refused', 'ordinary-client-refused'],
      exit: 1,
      explain: ['CA-CLIENT', 'UNKNOWN'],
    },
  ),
  met(
    'address-leads-to-another-member',
    'this host redirects the address of one member to another',
    async (scene) => {
      const [one, two] = [1, 2].map((number) => memberAt(scene, number).node.address);
      const rule = `OUTPUT -t nat -p tcp -d ${one} --dport 2379 -j DNAT --to-destination ${two}`;
      await meanwhile(scene, undefined, `iptables -A ${rule}`, `iptables -D ${rule}`);
      return { parameters: [...wholeSet(scene), ...client(scene, everyUrl(scene))] };
    },
    {
      verify: ['DNS', 'SAN', 'served-certificate-differs-from-file'],
      also: ['served-certificate-differs-from-file', 'served-certificate-refused'],
      exit: 1,
      explain: ['SAN', 'UNKNOWN'],
    },
  ),
  met(
    'silent-service',
    'something accepts connections and never says a word',
    async (scene) => answering(scene, 'time.sleep(600)'),
    noEtcd,
  ),
  met(
    'ssh-service',
    'an SSH server is on the port',
    async (scene) =>
      answering(scene, "peer.sendall(b'SSH-2.0-OpenSSH_9.2\\r\\n'); time.sleep(600)"),
    { ...noEtcd, verify: [...noEtcd.verify, 'CLI'] },
  ),
  met(
    'service-that-hangs-up',
    'something accepts connections and ends them at once',
    async (scene) => answering(scene, 'peer.close()'),
    noEtcd,
  ),
  met(
    'another-tls-service',
    'a TLS server that is not etcd is on the port, with a certificate of the cluster CA',
    async (scene) => {
      const { address, clientPort } = scene.front;
      const pair = [
        `-cert=${fileOf(scene, 'front_cert.pem')}`,
        `-key=${fileOf(scene, 'front_key_insecure.pem')}`,
      ].flatMap((option) => option.split('='));
      const command = [
        'openssl',
        's_server',
        '-accept',
        `${address}:${clientPort}`,
        '-www',
        '-quiet',
      ];
      await serving(scene, 'front', [...command, ...pair], clientPort);
      return given(scene, `https://${address}:${clientPort}`);
    },
    noEtcd,
  ),
];
