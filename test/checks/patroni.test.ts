import { describe, expect, test } from 'vitest';
import { readSettings } from '../../src/collect/settings/read-settings.ts';
import { judged } from '../support/judged.ts';

const files = {
  cacert: '/etc/etcd/ca.pem',
  cert: '/etc/etcd/client.pem',
  key: '/etc/etcd/client-key.pem',
};

type Settings = Readonly<Record<string, string>>;

/** The same settings in Patroni's file, and as its variables. */
const forms: Readonly<Record<string, (settings: Settings) => Settings>> = {
  'its file': (settings) => ({
    'patroni.yml': `scope: a\nrestapi: {}\netcd3:\n${Object.entries(settings)
      .map(([key, value]) => `  ${key}: ${value}\n`)
      .join('')}`,
  }),
  'its variables': (settings) => ({
    'patroni.env': Object.entries(settings)
      .map(([key, value]) => `PATRONI_ETCD3_${key.toUpperCase()}=${value}\n`)
      .join(''),
  }),
};

async function endpointsIn(written: (settings: Settings) => Settings, settings: Settings) {
  const texts = Object.entries(written(settings)).map(([path, text]) => ({ path, text }));
  const read = await readSettings(texts, { find: () => undefined });
  return read.clients.flatMap((client) => client.endpoints.value);
}

describe.each(Object.entries(forms))('Patroni with %s', (form, written) => {
  const of = async (settings: Settings) => await judged(written({ ...files, ...settings }));

  test('that find the endpoints by SRV records is an open question', async () => {
    expect(await of({ hosts: '10.0.0.1', protocol: 'https' })).toMatchObject({
      status: 'pass',
      reasons: [],
    });
    for (const key of form === 'its file' ? ['srv', 'discovery_srv', 'srv_domain'] : ['srv']) {
      expect(await of({ [key]: 'example.com', srv_suffix: 'a' })).toMatchObject({
        status: 'incomplete',
        failing: [],
        reasons: [
          'the endpoints of patroni are the SRV records of example.com, which only DNS knows',
        ],
      });
    }
  });

  test('that lead to proxies is an open question, and these need not be members', async () => {
    const elsewhere = { hosts: '10.0.0.9:2379', protocol: 'https' };
    const reasons = ['patroni connects to proxies of etcd, and what these accept is not judged'];

    expect((await of(elsewhere)).failing).toEqual(['client-endpoint-not-a-member']);
    for (const proxies of [
      { ...elsewhere, use_proxies: 'true' },
      { proxy: 'https://10.0.0.9:2379' },
    ]) {
      expect(await of(proxies)).toMatchObject({ status: 'incomplete', failing: [], reasons });
    }
  });

  test('have one setting that wins, and a port where none is written', async () => {
    expect(await endpointsIn(written, { hosts: 'a,b:1', port: '2', protocol: 'https' })).toEqual([
      'https://a:2',
      'https://b:1',
    ]);
    expect(await endpointsIn(written, { host: 'a', hosts: 'b' })).toEqual(['http://b:2379']);
    expect(await endpointsIn(written, { url: 'https://c:1', host: 'b' })).toEqual(['https://c:1']);
  });
});

const service = (protocol: string) => `services:
  patroni:
    image: example.org/patroni:3
    command: [patroni, /etc/patroni/config.yml]
    volumes: ['./patroni.yml:/etc/patroni/config.yml', '/etc/etcd:/etc/etcd']
    environment: { PATRONI_ETCD3_PROTOCOL: ${protocol} }
`;

const inCompose = async (protocol: string) =>
  await judged({
    ...forms['its file']?.({ hosts: '10.0.0.1,10.0.0.2', ...files }),
    'docker-compose.yml': service(protocol),
  });

describe('Patroni that a unit starts with its file and variables', () => {
  const inFile = { hosts: '10.0.0.1,10.0.0.2', protocol: 'https', ...files };
  const started = async (variables: string, file: Settings = inFile, more: Settings = {}) =>
    await judged({
      'etc/patroni/config.yml': forms['its file']?.(file)['patroni.yml'] ?? '',
      'etc/systemd/system/patroni.service': `[Service]\nUser=postgres\n${variables}ExecStart=/usr/bin/patroni /etc/patroni/config.yml\n`,
      ...more,
    });

  test('is judged by what both come to', async () => {
    expect((await started('')).status).toBe('pass');
    const half = await started(
      'Environment=PATRONI_ETCD3_CERT=/etc/etcd/client.pem PATRONI_ETCD3_KEY=/etc/etcd/client-key.pem\n',
      { hosts: '10.0.0.1,10.0.0.2', protocol: 'https', cacert: files.cacert },
    );
    expect(half).toMatchObject({ status: 'pass', reasons: [] });
  });

  test.each<[string, string, string]>([
    ['PATRONI_ETCD3_PROTOCOL=http', 'client-endpoint-without-tls', 'no TLS'],
    ['PATRONI_ETCD3_CERT=', 'client-without-certificate', 'an empty variable'],
    ['PATRONI_ETCD3_HOSTS=10.0.0.9:2379', 'client-endpoint-not-a-member', 'other hosts'],
    ['PATRONI_ETCD3_HOSTS=https://10.0.0.1:2379', 'client-settings-refused', 'URLs for hosts'],
    ['PATRONI_ETCD3_URL=https://10.0.0.1:2379', 'client-settings-refused', 'a URL next to hosts'],
    ['PATRONI_ETCD_CACERT=/etc/etcd/ca.pem', 'client-settings-refused', 'another section'],
    ['PATRONI_ETCD_HOSTS=10.0.0.1', 'handshake-refused', 'API version 2, without TLS'],
  ])('%s decides', async (variable, check) => {
    const { status, failing } = await started(`Environment=${variable}\n`);

    expect(status).toBe('fail');
    expect(failing).toContain(check);
  });

  test('takes an environment file that was not given for one that may change this', async () => {
    const { status, reasons } = await started('EnvironmentFile=/etc/patroni/env\n');
    expect(status).toBe('incomplete');
    expect(reasons).toContain(
      'patroni may take variables from /etc/patroni/env, which was not given',
    );
    const given = await started('EnvironmentFile=/etc/patroni/env\n', inFile, {
      'etc/patroni/env': 'PATRONI_ETCD3_PROTOCOL=http\n',
    });
    expect(given.failing).toContain('client-endpoint-without-tls');
  });

  test('in compose is judged the same', async () => {
    expect(await inCompose('https')).toMatchObject({ failing: [] });
    expect((await inCompose('http')).failing).toContain('client-endpoint-without-tls');
  });

  test('by API version 2 fails where the members do not serve it', async () => {
    const text = forms['its file']?.(inFile)['patroni.yml']?.replace('etcd3:', 'etcd:') ?? '';
    const failing = async (etcdVersion: string) =>
      (await judged({ 'patroni.yml': text }, { etcdVersion })).failing;
    expect(await failing('3.5.30')).toEqual(['version-two-not-served']);
    expect(await failing('3.3.27')).toEqual([]);
  });
});

describe('Patroni with variables next to its file', () => {
  const inFile = { hosts: '10.0.0.1', protocol: 'https', ...files };
  const both = (variables: Settings, file: Settings = inFile) => ({
    ...forms['its file']?.(file),
    ...forms['its variables']?.(variables),
  });
  const reason = /^PATRONI_ETCD3_.* replace the same settings in the file of/;

  test.each<[string, Settings]>([
    ['another CA', { cacert: '/etc/etcd/other.pem' }],
    ['other hosts', { hosts: '10.0.0.9:2379' }],
    ['another protocol', { protocol: 'http' }],
    ['another certificate', { cert: '/etc/etcd/n1.pem', key: '/etc/etcd/n1-key.pem' }],
  ])('that say %s is an open question', async (_, variables) => {
    const { status, failing, reasons } = await judged(both(variables));

    expect([status, failing]).toEqual(['incomplete', []]);
    expect(reasons.some((each) => reason.test(each))).toBe(true);
  });

  test('that say all is judged by these', async () => {
    expect((await judged(forms['its variables']?.(inFile) ?? {})).status).toBe('pass');
    expect((await judged(both(inFile))).status).toBe('pass');
  });

  test('alone that name no endpoint leave them to a file', async () => {
    const { status, reasons } = await judged(forms['its variables']?.(files) ?? {});

    expect([status, reasons.some((each) => reason.test(each))]).toEqual(['incomplete', true]);
  });
});
