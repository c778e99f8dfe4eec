import { expect, test } from 'vitest';
import { proxyFor } from '../../src/model/proxy.ts';
import { aMember, set } from '../support/facts.ts';

test.each([
  [{ HTTPS_PROXY: 'http://proxy:3128' }, '10.0.0.2', 'http://proxy:3128'],
  [{ https_proxy: 'http://proxy:3128' }, '10.0.0.2', 'http://proxy:3128'],
  [{ HTTP_PROXY: 'http://proxy:3128' }, '10.0.0.2', undefined],
  [{ HTTPS_PROXY: '' }, '10.0.0.2', undefined],
  [{ HTTPS_PROXY: 'http://proxy:3128' }, '127.0.0.1', undefined],
  [{ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '10.0.0.1, 10.0.0.2' }, '10.0.0.2', undefined],
  [{ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '10.0.0.0/8' }, '10.0.0.2', undefined],
  [{ HTTPS_PROXY: 'http://p', NO_PROXY: '192.168.0.0/16' }, '10.0.0.2', 'http://p'],
  [{ HTTPS_PROXY: 'http://p', NO_PROXY: '.etcd.test' }, 'n2.etcd.test', undefined],
  [{ HTTPS_PROXY: 'http://p', NO_PROXY: 'etcd.test' }, 'n2.etcd.test', undefined],
  [{ HTTPS_PROXY: 'http://p', no_proxy: '*' }, '10.0.0.2', undefined],
  [{ HTTPS_PROXY: 'http://p', NO_PROXY: '0.0.2' }, '10.0.0.2', 'http://p'],
] as const)('with %j a peer at %s is dialled through %s', (variables, host, proxy) => {
  const processEnvironment = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, set(value)]),
  );
  const { settings } = aMember({ settings: { processEnvironment } });

  expect(proxyFor(settings, { encrypted: true, host })).toBe(proxy);
});
