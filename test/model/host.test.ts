import { isIP } from 'node:net';
import { expect, test } from 'vitest';
import {
  canonicalHost,
  hostOf,
  isIpAddress,
  isLoopback,
  isOnEveryMachine,
  isThisHost,
  parseEndpoint,
  parseHttpUrl,
} from '../../src/model/host.ts';
import { Random } from '../oracle/random.ts';

test.each([
  { url: 'https://10.0.0.1:2379', host: '10.0.0.1' },
  { url: 'https://[fd00::1]:2379/', host: 'fd00::1' },
  { url: 'https://ETCD.example', host: 'etcd.example' },
  { url: 'https://root:secret@etcd.example:2379', host: 'etcd.example' },
  { url: 'etcd.example:2379', host: undefined },
  { url: '', host: undefined },
])('the host of "$url" is $host', ({ url, host }) => {
  expect(hostOf(url)).toBe(host);
});

test.each([
  { text: '10.0.0.1', address: true, loopback: false, anywhere: false },
  { text: '127.8.0.1', address: true, loopback: true, anywhere: true },
  { text: '127.example.org', address: false, loopback: false, anywhere: false },
  { text: '010.0.0.1', address: false, loopback: false, anywhere: false },
  { text: '::1', address: true, loopback: true, anywhere: true },
  { text: '::ffff:127.0.0.1', address: true, loopback: true, anywhere: true },
  { text: 'fe80::1%eth0', address: false, loopback: false, anywhere: false },
  { text: 'fd00::1', address: true, loopback: false, anywhere: false },
  { text: '0.0.0.0', address: true, loopback: false, anywhere: true },
  { text: 'localhost', address: false, loopback: true, anywhere: true },
  { text: 'localhost.localdomain', address: false, loopback: true, anywhere: true },
  { text: 'ip6-loopback', address: false, loopback: true, anywhere: true },
  { text: '0:0:0:0:0:0:0:1', address: true, loopback: true, anywhere: true },
  { text: '::ffff:7f00:2', address: true, loopback: true, anywhere: true },
  { text: 'dead.beef', address: false, loopback: false, anywhere: false },
])(
  '$text: address $address, loopback $loopback, on every machine $anywhere',
  ({ text, address, loopback, anywhere }) => {
    expect(isIpAddress(text)).toBe(address);
    expect(isLoopback(text)).toBe(loopback);
    expect(isOnEveryMachine(text)).toBe(anywhere);
  },
);

test.each([
  { text: '10.0.0.1:2379', encrypted: false, host: '10.0.0.1', port: '2379' },
  { text: 'HTTPS://[fd00::1]:2379/v3', encrypted: true, host: 'fd00::1', port: '2379' },
  { text: 'http://user:word@etcd', encrypted: false, host: 'etcd', port: '' },
])('a client dials "$text"', ({ text, ...address }) => {
  expect(parseEndpoint(text, false)).toEqual(address);
});

test.each([
  { text: 'https://etcd:443', port: 443 },
  { text: 'https://etcd', port: 2379 },
  { text: 'http://[::1]:80/health', port: 80 },
])('an HTTP client dials "$text" at port $port', ({ text, port }) => {
  expect(parseHttpUrl(text)).toMatchObject({ port });
});

test.each(['etcd:2379', 'unix://localhost:123', 'https://'])('"%s" is no HTTP URL', (text) => {
  expect(parseHttpUrl(text)).toBeUndefined();
});

test.each([
  { one: 'Etcd.Example.', other: 'etcd.example' },
  { one: 'FD00:0::1', other: 'fd00::1' },
  { one: '::ffff:7f00:1', other: '127.0.0.1' },
])('$one and $other are one host', ({ one, other }) => {
  expect(canonicalHost(one)).toBe(canonicalHost(other));
});

test.each([
  { host: '127.0.0.1', any: true },
  { host: 'localhost', any: true },
  { host: '::1', any: true },
  { host: 'ip6-localhost', any: true },
  { host: '::ffff:127.0.0.1', any: true },
  { host: '127.0.0.2', any: false },
  { host: '127.0.1.1', any: false },
  { host: 'node1', any: false },
])('$host is every member alike: $any', ({ host, any }) => {
  expect(isThisHost(host)).toBe(any);
});

test('what Node takes for an address is one, unless it has a zone', () => {
  const random = new Random(7);
  const words = [
    '0',
    '1',
    '7',
    '25',
    '255',
    '256',
    '01',
    'a',
    'F',
    'fffe',
    '10000',
    'g',
    '%',
    ' ',
    '/',
  ];
  const marks = ['.', '.', ':', ':', '::', ''];
  const part = () => `${random.pick(words)}${random.pick(marks)}`;
  const texts = Array.from({ length: 200_000 }, () =>
    Array.from({ length: 1 + random.below(9) }, part).join(''),
  );

  expect(texts.filter(isOfNode).length).toBeGreaterThan(1000);
  expect(texts.filter((text) => isIpAddress(text) !== isOfNode(text))).toEqual([]);
});

function isOfNode(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}
