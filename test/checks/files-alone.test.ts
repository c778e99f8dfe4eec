import { createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority, issueSelfSigned } from '../support/pki.ts';

type Files = Readonly<Record<string, string>>;

async function judged(files: Files, etcdVersion?: string) {
  await using set = await directoryWith(files);
  const version = etcdVersion !== undefined && { etcdVersion };
  const { verdict, results, forecast } = await audit({ paths: [set.path], maps: [], ...version });
  const failing = results.filter(({ verdict: { status }, check }) => {
    return status === 'fail' && check.severity === 'high';
  });
  const cause = failing.map(({ check, target, verdict: found }) => [
    check.id,
    target.name.slice(set.path.length + 1),
    found.status === 'fail' ? found.cause : undefined,
  ]);
  return { status: verdict.status, failing: cause, verdict, forecast };
}

async function issued() {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const [one, two] = await Promise.all(
    ['n1', 'n2'].map((name) => ca.issue({ commonName: name, hosts: [name] })),
  );
  const client = await ca.issue({ commonName: 'client', usages: ['clientAuth'] });
  if (one === undefined || two === undefined) throw new Error('nothing was issued');
  return { ca, one, two, client };
}

describe('certificates without settings: the names of the two files of a pair', () => {
  test('say which key goes with which certificate', async () => {
    const { ca, one, two } = await issued();
    const files = (keyOfOne: string, keyOfTwo: string) => ({
      'ca.pem': ca.certificatePem,
      'n1.pem': one.certificatePem,
      'n1-key.pem': keyOfOne,
      'n2.pem': two.certificatePem,
      'n2-key.pem': keyOfTwo,
    });
    const another = 'etcd says: tls: private key does not match public key';

    const sound = await judged(files(one.privateKeyPem, two.privateKeyPem));
    expect([sound.status, sound.failing]).toEqual(['pass', []]);
    const crossed = await judged(files(two.privateKeyPem, one.privateKeyPem));
    expect([crossed.status, crossed.failing]).toEqual([
      'fail',
      [
        ['key-of-another-certificate', 'n1-key.pem', another],
        ['key-of-another-certificate', 'n2-key.pem', another],
      ],
    ]);
  });

  test.each([
    ['n1.pem', 'n1-key.pem'],
    ['server.crt', 'server.key'],
    ['tls.crt', 'tls.key'],
    ['etcd.crt', 'etcd.private'],
    ['n1.cert', 'n1.pem'],
  ])('say which of the two is the certificate: %s and %s', async (certificate, key) => {
    const { ca, one } = await issued();
    const others = { 'ca.crt': ca.certificatePem };
    const swapped = { [certificate]: one.privateKeyPem, [key]: one.certificatePem };
    const sound = { [certificate]: one.certificatePem, [key]: one.privateKeyPem };

    expect(await judged({ ...others, ...sound })).toMatchObject({ status: 'pass', failing: [] });
    const { status, failing } = await judged({ ...others, ...swapped });
    expect([status, failing]).toEqual([
      'fail',
      [
        [
          'certificate-and-key-swapped',
          certificate,
          expect.stringContaining('PEM inputs may have been switched'),
        ],
      ],
    ]);
  });

  test('say which of the two is the CA that is trusted', async () => {
    const { ca, one, client } = await issued();
    const others = {
      'n1.pem': one.certificatePem,
      'n1-key.pem': one.privateKeyPem,
      'client.pem': client.certificatePem,
      'client-key.pem': client.privateKeyPem,
    };
    const files = (certificate: string, key: string) => ({
      ...others,
      [certificate]: ca.certificatePem,
      [key]: ca.privateKeyPem,
    });

    expect((await judged(files('ca.crt', 'ca.key'))).status).toBe('pass');
    const { status, failing, verdict } = await judged(files('ca.key', 'ca.crt'));
    expect([status, failing]).toEqual(['fail', [['authority-file-refused', 'ca.crt', undefined]]]);
    expect(verdict.next).toMatch(
      /^Set .*ca\.key as the trusted CA file, or swap the two: .*ca\.crt/,
    );
  });

  test('say nothing where the key is in a file with its certificate as well', async () => {
    const { ca, one } = await issued();

    const { status, failing } = await judged({
      'ca.pem': ca.certificatePem,
      'n1.pem': one.certificatePem,
      'both.crt': one.certificatePem + one.privateKeyPem,
    });

    expect([status, failing]).toEqual(['pass', []]);
  });

  test('say nothing where a key of another name fits, or the key is encrypted', async () => {
    const { ca, one } = await issued();

    const { status } = await judged({
      'ca.crt': ca.certificatePem,
      'server.crt': one.certificatePem,
      'private.pem': one.privateKeyPem,
    });

    expect(status).toBe('pass');
  });
});

describe('a private key of none of the certificates given', () => {
  test('is an open question, and one of a certificate given is none', async () => {
    const { ca, one, two } = await issued();
    const files = {
      'ca.pem': ca.certificatePem,
      'n1.pem': one.certificatePem,
      'n1-key.pem': one.privateKeyPem,
      'n2-key.pem': two.privateKeyPem,
    };

    expect((await judged({ ...files, 'n2.pem': two.certificatePem })).status).toBe('pass');
    const { status, verdict } = await judged(files);
    expect([status, verdict.sentence]).toEqual([
      'incomplete',
      expect.stringMatching(
        /what .*n2-key\.pem is for: none of the certificates given belongs to this private key/,
      ),
    ]);
  });

  test('is no question where its public key is given, or Kubernetes signs tokens with it', async () => {
    const { ca, one } = await issued();
    const { privateKeyPem } = await issueSelfSigned({ commonName: 'a', hosts: ['a'] });
    const publicPem = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' });
    const others = {
      'ca.pem': ca.certificatePem,
      'n1.pem': one.certificatePem,
      'n1-key.pem': one.privateKeyPem,
    };

    const jwt = { 'jwt.key': privateKeyPem, 'jwt.pub': String(publicPem) };
    expect((await judged({ ...others, ...jwt })).status).toBe('pass');
    expect((await judged({ ...others, 'service.key': privateKeyPem })).status).toBe('pass');
    expect((await judged({ ...others, 'jwt.key': privateKeyPem })).status).toBe('incomplete');
  });
});

describe('a self-signed server certificate without settings', () => {
  test('is an open question next to another CA, and none alone', async () => {
    const { ca, client } = await issued();
    const own = await issueSelfSigned({ commonName: 'n1', hosts: ['n1'] });
    const server = { 'server.crt': own.certificatePem, 'server.key': own.privateKeyPem };
    const others = { 'client.crt': client.certificatePem, 'client.key': client.privateKeyPem };

    expect((await judged(server)).status).toBe('pass');
    expect((await judged({ ...server, 'ca.crt': own.certificatePem })).status).toBe('pass');
    for (const beside of [{}, others]) {
      const { status, failing } = await judged({
        ...server,
        ...beside,
        'ca.crt': ca.certificatePem,
      });
      expect([status, failing]).toEqual(['incomplete', []]);
    }
  });
});

test('a certificate of no host that is called a client has to be one', async () => {
  const { ca, one } = await issued();
  const wrong = await ca.issue({ commonName: 'a', usages: ['serverAuth'] });
  const files = (name: string) => ({
    'ca.crt': ca.certificatePem,
    'server.crt': one.certificatePem,
    'server.key': one.privateKeyPem,
    [`${name}.crt`]: wrong.certificatePem,
    [`${name}.key`]: wrong.privateKeyPem,
  });

  expect((await judged(files('client'))).failing).toEqual([
    ['client-certificate-without-client-auth', 'client.crt', undefined],
  ]);
  expect((await judged(files('n2'))).failing).toEqual([
    ['server-certificate-without-names', 'n2.crt', undefined],
  ]);
});

test('a key with which no connection between members comes about is an open question', async () => {
  const { ca, two } = await issued();
  const files = async (key: 'rsa-512' | 'rsa-2048') => {
    const one = await ca.issue({ commonName: 'n1', hosts: ['n1'], key });
    return {
      'ca.pem': ca.certificatePem,
      'n1.pem': one.certificatePem,
      'n1-key.pem': one.privateKeyPem,
      'n2.pem': two.certificatePem,
      'n2-key.pem': two.privateKeyPem,
    };
  };

  for (const version of [undefined, '3.4.23', '3.6.4']) {
    expect((await judged(await files('rsa-2048'), version)).status).toBe('pass');
    const { status, verdict } = await judged(await files('rsa-512'), version);
    expect([status, verdict.sentence]).toEqual([
      'incomplete',
      expect.stringContaining('if so: no handshake with the server certificate of n1 can succeed'),
    ]);
  }
});

test('kubeadm gives etcd the CA of its own directory, whatever else issued clients', async () => {
  const { ca, one, client } = await issued();
  const kubernetes = await issueAuthority({ commonName: 'kubernetes' });
  const foreign = await kubernetes.issue({ commonName: 'a', usages: ['clientAuth'] });
  const { forecast } = await judged({
    'pki/ca.crt': kubernetes.certificatePem,
    'pki/apiserver-etcd-client.crt': foreign.certificatePem,
    'pki/apiserver-etcd-client.key': foreign.privateKeyPem,
    'pki/etcd/ca.crt': ca.certificatePem,
    'pki/etcd/healthcheck-client.crt': client.certificatePem,
    'pki/etcd/healthcheck-client.key': client.privateKeyPem,
    'pki/etcd/server.crt': one.certificatePem,
    'pki/etcd/server.key': one.privateKeyPem,
    'pki/etcd/peer.crt': one.certificatePem,
    'pki/etcd/peer.key': one.privateKeyPem,
  });

  const clients = forecast.filter(({ edge }) => edge === 'client');
  expect(clients.map(({ from, outcome, rule }) => [from, outcome, rule])).toEqual([
    ['apiserver', 'refused', 'x509.unknown-authority'],
    ['healthcheck', 'accepted', 'etcd.mutual-tls'],
  ]);
});
