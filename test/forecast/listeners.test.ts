import { describe, expect, test } from 'vitest';
import { forecast } from '../../src/forecast/forecast.ts';
import type { Edge } from '../../src/model/forecast.ts';
import { filesOf, matches, set } from '../support/facts.ts';
import { serialOf } from '../support/pki.ts';
import {
  deploy,
  type Deployment,
  type Deviation,
  evidenceOf,
  type Files,
  lifetime,
  outcomeOf,
} from './deployment.ts';

function edgesOf(deployment: Deployment, extra: Files = {}): readonly Edge[] {
  return forecast(evidenceOf({ ...deployment, files: { ...deployment.files, ...extra } }));
}

const nilPointer = 'panic: runtime error: invalid memory address or nil pointer dereference';

const paths = filesOf('node1');

function own(...more: readonly string[]) {
  return { files: matches(...Object.values(paths), ...more) };
}

describe('the self-dial of the gateway', () => {
  interface SelfCase {
    readonly title: string;
    readonly node1: Deviation;
    readonly rule: string;
    readonly refusedBy?: Edge['refusedBy'];
  }

  test.each<SelfCase>([
    {
      title: 'is refused with a certificate for servers alone',
      node1: { leaf: { usages: ['serverAuth'] } },
      rule: 'x509.key-usage',
      refusedBy: 'server',
    },
    {
      title: 'minds no name',
      node1: { leaf: { hosts: ['10.99.99.99'] } },
      rule: 'etcd.mutual-tls',
    },
    {
      title: 'fails by allowed host names, since it verifies no chain',
      node1: { client: { allowedHostnames: set(['localhost']) } },
      rule: 'etcd.name-not-allowed',
      refusedBy: 'client',
    },
    {
      title: 'passes where nobody is asked for a certificate',
      node1: {
        leaf: { usages: ['serverAuth'] },
        settings: { client: { certFile: set(paths.certificate), keyFile: set(paths.key) } },
      },
      rule: 'etcd.anonymous',
    },
    {
      title: 'is refused by a CA that did not issue its certificate',
      node1: { client: { trustedCaFile: set('pki/peer-ca.crt') } },
      rule: 'x509.unknown-authority',
      refusedBy: 'server',
    },
    {
      title: 'uses the certificate that is there for dialling',
      node1: {
        leaf: { usages: ['serverAuth'] },
        client: { clientCertFile: set('pki/client.crt'), clientKeyFile: set('pki/client.key') },
        member: own('pki/client.crt', 'pki/client.key'),
      },
      rule: 'etcd.mutual-tls',
    },
  ])('$title', async ({ node1: deviation, rule, refusedBy }) => {
    const edges = edgesOf(await deploy({ node1: deviation }));
    const edge = edges.find(({ edge: kind, from }) => kind === 'self' && from === 'node1');

    expect({ rule: edge?.rule, refusedBy: edge?.refusedBy }).toEqual({ rule, refusedBy });
  });

  test.each([
    ['the gateway is off', { enableGrpcGateway: set(false) }],
    ['the client port is plain', { listenClientUrls: set(['http://10.0.0.1:2379']) }],
  ])('does not happen where %s', async (_title, settings) => {
    const edges = edgesOf(await deploy({ node1: { settings } }));

    expect(edges.filter(({ edge }) => edge === 'self').map(({ from }) => from)).toEqual([
      'node2',
      'node3',
    ]);
  });
});

describe('a revocation list', () => {
  const crlFile = { crlFile: set('pki/crl.pem') };

  async function withList(
    encoding: 'PEM' | 'DER',
    etcdVersion: string,
    settings: Deviation['settings'] = {},
  ): Promise<Edge | undefined> {
    const deployment = await deploy({
      node1: {
        client: crlFile,
        settings,
        member: { ...own('pki/crl.pem'), etcdVersion: set(etcdVersion) },
      },
    });
    const client = deployment.files['pki/client.crt'];
    const serial = serialOf({ certificatePem: String(client), privateKeyPem: '' });
    const list = await deployment.peerCa.revoke([serial], { encoding });
    return edgesOf(deployment, { 'pki/crl.pem': list }).find(({ edge }) => edge === 'client');
  }

  test.each([
    ['PEM', '3.5.30'],
    ['DER', '3.5.30'],
    ['DER', '3.6.14'],
  ] as const)(
    'refuses by serial number alone, whichever CA issued it: %s to %s',
    async (encoding, version) => {
      const edge = await withList(encoding, version);

      expect(edge?.rule).toBe('etcd.revoked');
      expect(edge?.clientError).toBe('error reading server preface: EOF');
      expect(edge?.serverError).toMatch(/^transport: certificate serial ([\da-f]{2})+ revoked$/);
      expect(edge?.blame?.file).toBe('pki/client.crt');
    },
  );

  test('as PEM refuses everyone from 3.6 on', async () => {
    const edge = await withList('PEM', '3.6.14');

    expect(outcomeOf(edge)).toEqual({
      outcome: 'refused',
      refusedBy: 'server',
      rule: 'etcd.crl-unreadable',
      clientError: 'error reading server preface: EOF',
      serverError: 'x509: malformed crl',
    });
    expect(edge?.blame?.file).toBe('pki/crl.pem');
  });

  test.each([
    ['3.5.30', 'etcd.mutual-tls'],
    ['3.5.32', 'etcd.revoked'],
  ])(
    'is passed over by gRPC where HTTP has its own port, until it was fixed: %s',
    async (version, rule) => {
      const edge = await withList('DER', version, {
        listenClientHttpUrls: set(['https://10.0.0.1:2378']),
      });

      expect(edge?.rule).toBe(rule);
    },
  );

  test('that is missing refuses every client that presents a certificate', async () => {
    const missing = [{ deployed: 'pki/crl.pem', missing: true, because: 'looked for' }] as const;
    const { files } = own();
    const deployment = await deploy({
      node1: { client: crlFile, member: { files: [...files, ...missing] } },
    });
    const edge = edgesOf(deployment).find(({ edge: kind }) => kind === 'client');

    expect(edge?.serverError).toBe('open pki/crl.pem: no such file or directory');
  });
});

describe('a member that does not start', () => {
  test.each<readonly [string, Deviation, string, string]>([
    [
      'for want of a key',
      { settings: { client: { certFile: set(paths.certificate) } } },
      'etcd.half-pair',
      'KeyFile and CertFile must both be present[key: , cert: pki/node1.crt]',
    ],
    [
      'by its settings',
      {
        member: {
          problems: [
            {
              kind: 'refused-at-start',
              name: '--peer-cert-allowed-cn',
              why: 'two-kinds-of-allowed-names',
              etcdSays: 'AllowedCNs and AllowedHostnames are mutually exclusive',
            },
          ],
        },
      },
      'etcd.refused-at-start',
      'AllowedCNs and AllowedHostnames are mutually exclusive',
    ],
    [
      'with a key in its CA file',
      { client: { trustedCaFile: set(paths.key) } },
      'etcd.ca-file-unparsable',
      'x509: malformed tbs certificate',
    ],
    [
      'with certificate and key swapped',
      { client: { certFile: set(paths.key), keyFile: set(paths.certificate) } },
      'tls.swapped-files',
      'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
    ],
  ])('%s refuses everyone and connects to none', async (_title, deviation, rule, text) => {
    const edges = edgesOf(await deploy({ node1: deviation }));
    const dead = edges.filter(({ from, member }) => from === 'node1' || member === 'node1');

    expect(new Set(dead.map((edge) => `${edge.refusedBy} ${edge.rule}`))).toEqual(
      new Set([`start ${rule}`, `never-dials ${rule}`]),
    );
    expect(new Set(dead.map((edge) => edge.serverError ?? edge.clientError))).toEqual(
      new Set([text]),
    );
  });

  test('is one whose key is missing, told by path', async () => {
    const { key, ...rest } = paths;
    const missing = { deployed: key, missing: true, because: 'looked for' } as const;
    const deployment = await deploy({
      node1: { member: { files: [...matches(...Object.values(rest)), missing] } },
    });
    const edge = edgesOf(deployment).find(({ edge: kind }) => kind === 'client');

    expect(edge?.rule).toBe('file.missing');
    expect(edge?.serverError).toBe('open pki/node1.key: no such file or directory');
    expect(edge?.blame?.file).toBe('pki/node1.key');
  });

  test('is told by the first words where an old Go prints a dump of its own', async () => {
    const old = { etcdVersion: set('3.3.25'), goVersion: set('1.15.9') };
    const deployment = await deploy({
      node1: { client: { trustedCaFile: set(paths.key) }, member: old },
    });
    const edge = edgesOf(deployment).find(({ edge: kind }) => kind === 'client');

    expect(edge).toMatchObject({
      refusedBy: 'start',
      rule: 'etcd.ca-file-unparsable',
      serverError: 'asn1:',
    });
  });

  test.each([
    { version: '3.4.24', logger: undefined, says: 'open pki/node1.key: no such file or directory' },
    { version: '3.4.25', logger: undefined, says: nilPointer },
    { version: '3.4.29', logger: undefined, says: nilPointer },
    { version: '3.4.29', logger: 'zap', says: 'open pki/node1.key: no such file or directory' },
    { version: '3.4.30', logger: undefined, says: 'open pki/node1.key: no such file or directory' },
  ])('of $version with the logger $logger says $says', async ({ version, logger, says }) => {
    const { key, ...rest } = paths;
    const missing = { deployed: key, missing: true, because: 'looked for' } as const;
    const deployment = await deploy({
      node1: {
        settings: { peer: {}, ...(logger !== undefined && { logger: set(logger) }) },
        member: {
          etcdVersion: set(version),
          files: [...matches(...Object.values(rest)), missing],
        },
      },
    });
    const edge = edgesOf(deployment).find(({ edge: kind }) => kind === 'client');

    expect(edge).toMatchObject({ refusedBy: 'start', rule: 'file.missing', serverError: says });
  });

  test('is not one whose certificates are audited without their keys', async () => {
    const deployment = await deploy();
    const files = Object.fromEntries(
      Object.entries(deployment.files).filter(([path]) => !path.endsWith('.key')),
    );

    expect(new Set(edgesOf({ ...deployment, files }).map(({ refusedBy }) => refusedBy))).toEqual(
      new Set([undefined, 'server']),
    );
  });
});

function intrusions(edges: readonly Edge[], port: Edge['port']) {
  return edges
    .filter((edge) => edge.edge === 'intruder' && edge.member === 'node1' && edge.port === port)
    .map(({ from, outcome, rule }) => `${from}: ${outcome} ${rule}`);
}

describe('intruders', () => {
  test('all get in where a certificate alone is configured', async () => {
    const settings = { client: { certFile: set(paths.certificate), keyFile: set(paths.key) } };
    const edges = edgesOf(await deploy({ node1: { settings } }));

    expect(intrusions(edges, 'client')).toEqual([
      'nobody: accepted etcd.anonymous',
      'foreign: accepted etcd.anonymous',
      'node1: accepted etcd.anonymous',
    ]);
  });

  test('a client gets in at the peer port where one CA issues both', async () => {
    const edges = edgesOf(await deploy({ node1: { peer: { trustedCaFile: set('pki/ca.crt') } } }));

    expect(intrusions(edges, 'peer')).toEqual([
      'nobody: refused tls.no-client-certificate',
      'foreign: refused x509.unknown-authority',
      'etcdctl: accepted etcd.mutual-tls',
    ]);
  });

  test('a CA of the system makes etcd accept some foreign clients where no CA file is given', async () => {
    const settings = {
      client: {
        certFile: set(paths.certificate),
        keyFile: set(paths.key),
        clientCertAuth: set(true),
      },
    };
    const edges = edgesOf(await deploy({ node1: { settings } }));

    expect(intrusions(edges, 'client')).toEqual([
      'nobody: refused tls.no-client-certificate',
      'foreign: refused x509.system-roots',
      'node1: refused x509.system-roots',
    ]);
    const foreign = edges.find(({ edge, from }) => edge === 'intruder' && from === 'foreign');
    expect(foreign?.dependsOn?.[0]).toContain('the operating system of node1 not trusting');
  });

  test('try the plain ports as well', async () => {
    const settings = { listenPeerUrls: set(['http://0.0.0.0:2380']) };
    const edges = edgesOf(await deploy({ node1: { settings } }));

    expect(intrusions(edges, 'peer')).toEqual([
      'nobody: accepted etcd.plaintext',
      'foreign: accepted etcd.plaintext',
      'etcdctl: accepted etcd.plaintext',
    ]);
    expect(edges.find(({ edge, port }) => edge === 'intruder' && port === 'peer')?.to).toBe(
      'http://10.0.0.1:2380',
    );
  });
});

describe('chains', () => {
  test('an intermediate that is not sent is told from a CA that is not trusted', async () => {
    const deployment = await deploy();
    const { issueAuthority } = await import('../support/pki.ts');
    const intermediate = await issueAuthority({
      commonName: 'etcd-intermediate',
      issuedBy: deployment.ca,
      ...lifetime,
    });
    const leaf = await intermediate.issue({ commonName: 'x', usages: ['clientAuth'], ...lifetime });
    const files = { 'pki/client.crt': leaf.certificatePem, 'pki/client.key': leaf.privateKeyPem };
    const clientOf = (extra: Files) =>
      edgesOf(deployment, extra).find(({ edge }) => edge === 'client');

    expect(clientOf(files)?.rule).toBe('x509.unknown-authority');
    expect(clientOf({ ...files, 'pki/sub.crt': intermediate.certificatePem })?.rule).toBe(
      'x509.missing-intermediate',
    );
    const chain = leaf.certificatePem + intermediate.certificatePem;
    expect(clientOf({ ...files, 'pki/client.crt': chain })?.outcome).toBe('accepted');
  });

  test('a CA made again under its old name is told from a foreign one', async () => {
    const deployment = await deploy();
    const another = await deploy();
    const edge = edgesOf(deployment, {
      'pki/client.crt': another.files['pki/client.crt'] ?? '',
      'pki/client.key': another.files['pki/client.key'] ?? '',
    }).find(({ edge: kind }) => kind === 'client');

    expect(edge?.rule).toBe('x509.same-name-other-key');
    expect(edge?.serverError).toBe(
      'tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "etcd-ca")',
    );
  });

  test('an empty CA file trusts no certificate', async () => {
    const edges = edgesOf(await deploy(), { 'pki/ca.crt': 'nothing here' });
    const self = edges.find(({ edge, from }) => edge === 'self' && from === 'node1');

    expect(self?.rule).toBe('x509.unknown-authority');
    expect(self?.blame?.file).toBe('pki/node1.crt');
    expect(self?.remedy).toContain('pki/ca.crt');
  });
});
