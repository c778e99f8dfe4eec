import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { everyUrl } from './operator.ts';
import { client, fileOf, memberAt, named, type Scene, serving, wholeSet } from './scene.ts';
import type { Situation } from './situation.ts';

/** Something is between the operator and etcd. */
export const fronts: readonly Situation[] = [
  {
    name: 'haproxy-ends-tls',
    what: 'haproxy ends TLS with a certificate of its own CA and connects to etcd with another',
    on: 'three',
    arrange: async (scene) => {
      await haproxy(scene, `ssl crt ${await joined(scene, 'balancer')}`, ...(await toTls(scene)));
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['PROXY', 'CA-CLIENT', 'endpoint-behind-proxy', 'client-port-admits-anonymous'],
    also: [
      'endpoint-behind-proxy',
      'served-certificate-refused',
      'client-port-admits-anonymous',
      'client-port-admits-foreign',
      'ordinary-client-refused',
    ],
    exit: 1,
    explain: [],
  },
  {
    name: 'haproxy-ends-tls-by-the-same-ca',
    what: 'haproxy ends TLS with a certificate of the cluster CA that belongs to no member',
    on: 'three',
    arrange: async (scene) => {
      await haproxy(scene, `ssl crt ${await joined(scene, 'front')}`, ...(await toTls(scene)));
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['client-port-admits-anonymous', 'endpoint-behind-proxy'],
    also: ['endpoint-behind-proxy', 'client-port-admits-foreign'],
    exit: 1,
    explain: [],
  },
  {
    name: 'haproxy-passes',
    what: 'haproxy passes TCP on to three members, whose certificates have its name',
    on: 'three',
    arrange: async (scene) => {
      await haproxy(scene, '', 'balance roundrobin', ...members(scene));
      await named(scene, { 'etcd.balanced': scene.front.address });
      return { parameters: client(scene, ['https://etcd.balanced:2379']) };
    },
    verify: ['endpoint-behind-proxy'],
    exit: 0,
    explain: [],
  },
  {
    name: 'haproxy-passes-and-lacks-a-name',
    what: "haproxy passes TCP on to three members, whose certificates lack the balancer's address",
    on: 'three',
    arrange: async (scene) => {
      await haproxy(scene, '', 'balance roundrobin', ...members(scene));
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['SAN'],
    also: ['endpoint-behind-proxy'],
    exit: 1,
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'haproxy-passes-next-to-the-set',
    what: 'the same balancer, with the name in the certificates, next to the whole set',
    on: 'three',
    arrange: async (scene) => {
      await haproxy(scene, '', 'balance roundrobin', ...members(scene));
      await named(scene, { 'etcd.balanced': scene.front.address });
      return {
        parameters: [...wholeSet(scene), ...client(scene, ['https://etcd.balanced:2379'])],
      };
    },
    verify: ['endpoint-behind-proxy'],
    exit: 0,
    explain: [],
  },
  {
    name: 'haproxy-has-no-backend',
    what: 'haproxy passes TCP on, and none of its backends is up',
    on: 'three',
    arrange: async (scene) => {
      await haproxy(scene, '', 'server one 127.0.0.1:1');
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['NET', 'PROXY'],
    exit: 1,
    explain: [],
  },
  {
    name: 'haproxy-answers-503',
    what: 'haproxy ends TLS, and none of its backends is up',
    on: 'three',
    arrange: async (scene) => {
      await haproxy(
        scene,
        `ssl crt ${await joined(scene, 'front')}`,
        'mode http',
        'server one 127.0.0.1:1',
      );
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['endpoint-unreachable'],
    also: ['ordinary-client-refused'],
    exit: 1,
    explain: [],
  },
  {
    name: 'sni-router',
    what: 'haproxy routes by the name in the ClientHello, and the operator connects by that name',
    on: 'three',
    arrange: async (scene) => {
      await haproxy(scene, '', ...routedBySni(scene));
      await named(scene, { 'etcd.balanced': scene.front.address });
      return { parameters: client(scene, ['https://etcd.balanced:2379']) };
    },
    verify: ['endpoint-behind-proxy'],
    exit: 0,
    explain: [],
  },
  {
    name: 'sni-router-by-address',
    what: 'the same router, to which the operator connects by its address, so that no name is sent',
    on: 'three',
    arrange: async (scene) => {
      await haproxy(scene, '', ...routedBySni(scene));
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['NET', 'PROXY'],
    exit: 1,
    explain: [],
  },
  {
    name: 'nginx-demands-a-certificate',
    what: 'nginx ends TLS, demands a certificate of the cluster CA and passes gRPC on',
    on: 'three',
    arrange: async (scene) => {
      await nginx(
        scene,
        'ssl http2',
        `ssl_client_certificate ${fileOf(scene, 'ca_cert.pem')}; ssl_verify_client on;`,
        `location / { grpc_pass grpcs://${hostOf(scene)}; ${as(scene, 'grpc')} }`,
      );
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['endpoint-behind-proxy'],
    exit: 0,
    explain: [],
  },
  {
    name: 'nginx-demands-a-certificate-and-gets-none',
    what: 'nginx ends TLS and demands a certificate, which the operator does not give',
    on: 'three',
    arrange: async (scene) => {
      await nginx(
        scene,
        'ssl http2',
        `ssl_client_certificate ${fileOf(scene, 'ca_cert.pem')}; ssl_verify_client on;`,
        `location / { grpc_pass grpcs://${hostOf(scene)}; ${as(scene, 'grpc')} }`,
      );
      return { parameters: client(scene, [urlOf(scene)]).slice(0, 2) };
    },
    verify: ['NOCERT', 'PROXY', 'client-without-certificate'],
    also: ['endpoint-behind-proxy', 'ordinary-client-refused'],
    exit: 1,
    explain: [],
  },
  {
    name: 'nginx-passes-http',
    what: 'nginx ends TLS for anyone and passes HTTP/1.1 on',
    on: 'three',
    arrange: async (scene) => {
      await nginx(
        scene,
        'ssl',
        `location / { proxy_pass https://${hostOf(scene)}; ${as(scene, 'proxy')} }`,
      );
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['client-port-admits-anonymous', 'PROXY'],
    also: ['endpoint-behind-proxy', 'client-port-admits-foreign', 'ordinary-client-refused'],
    exit: 1,
    explain: [],
  },
  {
    name: 'web-server',
    what: 'a web server answers with 404',
    on: 'three',
    arrange: async (scene) => {
      await nginx(scene, 'ssl', 'location / { return 404; }');
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['endpoint-unreachable'],
    also: ['ordinary-client-refused'],
    exit: 1,
    explain: [],
  },
  {
    name: 'captive-proxy',
    what: 'a captive HTTP proxy answers the ClientHello in clear',
    on: 'three',
    arrange: async (scene) => {
      await nginx(scene, '', 'location / { return 302 http://login.example/; }');
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['PROXY', 'SCHEME'],
    exit: 1,
    explain: [],
  },
  {
    name: 'etcd-gateway',
    what: 'etcd gateway passes TCP on; the certificates lack its address',
    on: 'three',
    arrange: async (scene) => {
      await gateway(scene);
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['SAN'],
    also: ['endpoint-behind-proxy'],
    exit: 1,
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'etcd-gateway-named',
    what: 'etcd gateway passes TCP on; the certificates have its name',
    on: 'three',
    arrange: async (scene) => {
      await gateway(scene);
      await named(scene, { 'etcd.balanced': scene.front.address });
      return { parameters: client(scene, ['https://etcd.balanced:2379']) };
    },
    verify: ['endpoint-behind-proxy'],
    exit: 0,
    explain: [],
  },
  {
    name: 'grpc-proxy',
    what: 'etcd grpc-proxy ends TLS and demands client certificates',
    on: 'three',
    arrange: async (scene) => {
      await grpcProxy(scene);
      return { parameters: client(scene, [urlOf(scene)]) };
    },
    verify: ['endpoint-behind-proxy'],
    exit: 0,
    explain: [],
  },
  {
    name: 'grpc-proxy-next-to-the-set',
    what: 'the same proxy next to the whole set: what it lists is not the member list',
    on: 'three',
    arrange: async (scene) => {
      await grpcProxy(scene);
      return { parameters: [...wholeSet(scene), ...client(scene, [urlOf(scene)])] };
    },
    verify: ['endpoint-behind-proxy'],
    exit: 0,
    explain: [],
  },
  {
    name: 'name-of-another-member',
    what: 'the name of one member resolves to another one',
    on: 'three-by-name',
    arrange: async (scene) => {
      const [one, two, three] = [1, 2, 3].map((number) => memberAt(scene, number).node.address);
      await named(scene, {
        'node1.example': one ?? '',
        'node2.example': three ?? '',
        'node3.example': three ?? '',
        ...(two && { 'unused.example': two }),
      });
      return {
        parameters: [
          ...wholeSet(scene),
          ...client(
            scene,
            [1, 2, 3].map((number) => `https://node${number}.example:2379`),
          ),
        ],
      };
    },
    verify: ['DNS', 'served-certificate-differs-from-file'],
    exit: 1,
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'two-clusters-as-one',
    what: 'the endpoints given are of two clusters',
    on: 'three',
    arrange: async (scene) => {
      await anotherCluster(scene);
      await named(scene, { 'etcd.example': scene.front.address });
      return {
        parameters: client(scene, [...everyUrl(scene), 'https://etcd.example:2379']),
      };
    },
    verify: ['different-cluster-ids'],
    also: ['plaintext-url-in-member-list'],
    exit: 1,
    explain: [],
  },
];

export function urlOf({ front }: Scene): string {
  return `https://${front.address}:${front.clientPort}`;
}

function hostOf(scene: Scene): string {
  const { address, clientPort } = memberAt(scene, 1).node;
  return `${address}:${clientPort}`;
}

export async function haproxy(
  scene: Scene,
  bind: string,
  ...lines: readonly string[]
): Promise<void> {
  const file = join(scene.places.work, 'haproxy.cfg');
  const { address, clientPort } = scene.front;
  const configuration = [
    'defaults',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout client 9s',
    '  timeout server 9s',
    'listen etcd',
    `  bind ${address}:${clientPort} ${bind}`,
    ...lines.map((line) => `  ${line}`),
    '',
  ];
  await writeFile(file, configuration.join('\n'));
  await serving(scene, 'front', ['haproxy', '-db', '-f', file], clientPort);
}

export function members({ cluster }: Scene): readonly string[] {
  return cluster.members.map(
    ({ name, node }) => `server ${name} ${node.address}:${node.clientPort}`,
  );
}

/** Backends to which haproxy connects with a certificate of its own. */
export async function toTls(scene: Scene): Promise<readonly string[]> {
  const pair = await joined(scene, 'front');
  return [`server one ${hostOf(scene)} ssl verify none crt ${pair}`];
}

function routedBySni(scene: Scene): readonly string[] {
  return [
    'tcp-request inspect-delay 2s',
    'tcp-request content accept if { req.ssl_sni -i etcd.balanced }',
    'tcp-request content reject',
    ...members(scene),
  ];
}

/** Certificate and key in one file, as haproxy wants them. */
export async function joined(scene: Scene, name: string): Promise<string> {
  const file = join(scene.places.work, `${name}.pem`);
  const parts = [`${name}_cert.pem`, `${name}_key_insecure.pem`].map(async (part) =>
    readFile(fileOf(scene, part), 'utf8'),
  );
  await writeFile(file, (await Promise.all(parts)).join(''));
  return file;
}

export async function nginx(
  scene: Scene,
  kind: string,
  ...lines: readonly string[]
): Promise<void> {
  const { work } = scene.places;
  const { address, clientPort } = scene.front;
  const file = join(work, 'nginx.conf');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (each) => `${each}_temp_path ${join(work, each)};`,
  );
  const pair =
    kind === ''
      ? ''
      : `ssl_certificate ${fileOf(scene, 'front_cert.pem')}; ssl_certificate_key ${fileOf(scene, 'front_key_insecure.pem')};`;
  await writeFile(
    file,
    `user root; daemon off; pid ${join(work, 'nginx.pid')}; events {}
    http { access_log off; ${paths.join(' ')}
      server { listen ${address}:${clientPort} ${kind}; ${pair} ${lines.join('\n')} }
    }`,
  );
  const command = ['nginx', '-e', join(work, 'nginx-errors.log'), '-c', file];
  await serving(scene, 'front', command, clientPort);
}

/** What nginx presents to etcd. */
function as(scene: Scene, kind: 'grpc' | 'proxy'): string {
  return `${kind}_ssl_certificate ${fileOf(scene, 'front_cert.pem')}; ${kind}_ssl_certificate_key ${fileOf(scene, 'front_key_insecure.pem')};`;
}

async function gateway(scene: Scene): Promise<void> {
  const { address, clientPort } = scene.front;
  const endpoints = scene.cluster.members.map(({ node }) => `${node.address}:${node.clientPort}`);
  const flags = [`--endpoints=${endpoints.join(',')}`, `--listen-addr=${address}:${clientPort}`];
  await serving(scene, 'front', [scene.binaries.etcd, 'gateway', 'start', ...flags], clientPort);
}

async function grpcProxy(scene: Scene): Promise<void> {
  const { address, clientPort } = scene.front;
  const at = `${address}:${clientPort}`;
  const flags = [
    `--endpoints=${everyUrl(scene).join(',')}`,
    `--listen-addr=${at}`,
    `--advertise-client-url=${at}`,
    `--cacert=${fileOf(scene, 'ca_cert.pem')}`,
    `--cert=${fileOf(scene, 'proxy_cert.pem')}`,
    `--key=${fileOf(scene, 'proxy_key_insecure.pem')}`,
    `--cert-file=${fileOf(scene, 'front_cert.pem')}`,
    `--key-file=${fileOf(scene, 'front_key_insecure.pem')}`,
    `--trusted-ca-file=${fileOf(scene, 'ca_cert.pem')}`,
  ];
  await serving(scene, 'front', [scene.binaries.etcd, 'grpc-proxy', 'start', ...flags], clientPort);
}

/** An etcd of its own whose certificate is of the same CA. */
async function anotherCluster(scene: Scene): Promise<void> {
  const { address, clientPort } = scene.front;
  const url = `https://${address}:${clientPort}`;
  const flags = [
    `--data-dir=${join(scene.places.work, `another-${Date.now()}.etcd`)}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=http://127.0.0.1:2380`,
    `--cert-file=${fileOf(scene, 'front_cert.pem')}`,
    `--key-file=${fileOf(scene, 'front_key_insecure.pem')}`,
    `--trusted-ca-file=${fileOf(scene, 'ca_cert.pem')}`,
    '--client-cert-auth',
  ];
  await serving(scene, 'front', [scene.binaries.etcd, ...flags], clientPort);
}
