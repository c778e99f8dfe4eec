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

describe.each(Object.entries(forms))('Patroni with %s', (_, written) => {
  const of = async (settings: Settings) => await judged(written({ ...files, ...settings }));

  test('that find the endpoints by SRV records is an open question', async () => {
    expect(await of({ hosts: '10.0.0.1', protocol: 'https' })).toMatchObject({
      status: 'pass',
      reasons: [],
    });
    for (const key of ['srv', 'discovery_srv']) {
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
