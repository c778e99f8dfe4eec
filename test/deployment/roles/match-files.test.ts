import { expect, test } from 'vitest';
import { givenPaths, matchFile } from '../../../src/deployment/roles/match-files.ts';

const given = givenPaths(
  [
    'set/ca.crt',
    'node1/pki/etcd/server.crt',
    'node1/pki/server.crt',
    'node2/pki/etcd/server.crt',
    'secret/etcd/etcd-client/tls.crt',
    'here/mapped.pem',
    '/etc/etcd/exact.pem',
  ],
  [
    { prefix: '/etc', directory: 'elsewhere' },
    { prefix: '/etc/deep/', directory: 'here' },
  ],
  { directories: ['here', '/etc/etcd'] },
);

test.each([
  { deployed: '/etc/etcd/exact.pem', file: '/etc/etcd/exact.pem', how: 'with this path' },
  { deployed: '/opt/etcd/ca.crt', file: 'set/ca.crt', how: 'no other file has this name' },
  { deployed: '/etc/deep/mapped.pem', file: 'here/mapped.pem', how: '--map /etc/deep/=here' },
  {
    deployed: '/etc/kubernetes/pki/server.crt',
    from: 'node1/etcd.yaml',
    file: 'node1/pki/server.crt',
    how: 'most similar',
  },
  {
    deployed: '/etc/kubernetes/pki/etcd/server.crt',
    from: 'node2/etcd.yaml',
    file: 'node2/pki/etcd/server.crt',
    how: 'closest to node2/etcd.yaml',
  },
  { deployed: '/etc/kubernetes/pki/etcd/server.crt', how: '2 files have this name' },
  { deployed: '/etc/none.pem', how: 'no file of this name' },
  {
    deployed: './ca.crt',
    from: 'set/etcd.conf.yml',
    file: 'set/ca.crt',
    how: 'next to set/etcd.conf.yml',
  },
])('$deployed seen from $from is $file', ({ deployed, from, file, how }) => {
  const match = matchFile(deployed, given, from === undefined ? {} : { from });

  expect(match.file).toBe(file);
  expect(match.because).toContain(how);
});

/** Copies of the file systems of two machines, and what is in neither. */
const copies = givenPaths(
  [
    'set/etcd1/etc/etcd/tls/server.crt',
    'set/etcd2/etc/etcd/tls/peer.crt',
    'set/etcd1/etc/etcd/tls/ca.crt',
    'set/certs/ca.crt',
  ],
  [],
);
const unit = 'set/etcd1/etc/systemd/system/etcd.service';

test.each([
  { deployed: '/etc/etcd/tls/server.crt', from: unit, found: 'set/etcd1/etc/etcd/tls/server.crt' },
  { deployed: '/etc/etcd/pki/server.crt', from: unit, found: undefined },
  { deployed: '/etc/etcd/pki/peer.crt', from: unit, found: undefined },
  { deployed: '/etc/etcd/tls/peer.crt', from: unit, found: 'set/etcd2/etc/etcd/tls/peer.crt' },
  { deployed: '/etc/etcd/pki/ca.crt', from: unit, found: 'set/certs/ca.crt' },
  {
    deployed: '/etc/etcd/pki/server.crt',
    from: 'set/etcd.service',
    found: 'set/etcd1/etc/etcd/tls/server.crt',
  },
])('$deployed, named in $from, is $found', ({ deployed, from, found }) => {
  const { file, missing } = matchFile(deployed, copies, { from });

  expect(file).toBe(found);
  expect(missing).toBeUndefined();
});

test.each([
  { unopened: [], instead: 'not-a-directory' },
  { unopened: ['/etc/etcd/pki'], instead: undefined },
])('below a path that is given, unopened: $unopened, is $instead', ({ unopened, instead }) => {
  const closed = givenPaths(['/etc/etcd/pki', '/etc/etcd/ca.pem'], [], { unopened });

  expect(matchFile('/etc/etcd/pki/a.crt', closed, {}).instead).toBe(instead);
  expect(matchFile('/etc/etcd/pki/', closed, {}).instead).toBe(instead);
});

test.each([
  { deployed: '/etc/deep/none.pem', isKey: false, missing: true },
  { deployed: '/etc/deep/none-key.pem', isKey: true, missing: undefined },
  { deployed: '/etc/etcd/none.pem', isKey: false, missing: true },
  { deployed: '/etc/other/none.pem', isKey: false, missing: undefined },
])('$deployed, key: $isKey, is known to be missing: $missing', ({ deployed, isKey, missing }) => {
  expect(matchFile(deployed, given, { isKey })).toMatchObject({ deployed });
  expect(matchFile(deployed, given, { isKey }).missing).toBe(missing);
});

test.each([
  { deployed: '/etc/deep/', instead: 'directory' },
  { deployed: '/etc/deep/.', instead: 'directory' },
  { deployed: '/etc/./deep', instead: 'directory' },
])('$deployed is a directory', ({ deployed, instead }) => {
  expect(matchFile(deployed, given, {})).toMatchObject({ missing: true, instead });
});

test.each(["'/etc/deep/ca.pem'", '"/etc/deep/ca.pem"'])(
  '%s, with its quotation marks, is no file',
  (deployed) => {
    expect(matchFile(deployed, given, {})).toMatchObject({ deployed, missing: true });
  },
);

test.each(['/file/ca.pem/', '/file/ca.pem/.', '/file/ca.pem/more', '/map/ca.pem/more/'])(
  '%s leads through a file',
  (deployed) => {
    const one = givenPaths(['/file/ca.pem'], [{ prefix: '/map', directory: '/file' }]);

    expect(matchFile(deployed, one, {})).toMatchObject({
      missing: true,
      instead: 'not-a-directory',
    });
  },
);

test('a path is resolved before it is mapped', () => {
  const one = givenPaths(['set/ca.pem', 'other/ca.pem'], [{ prefix: '/map/a', directory: 'set' }]);

  expect(matchFile('/map/b/../a/./ca.pem', one, {}).file).toBe('set/ca.pem');
  expect(matchFile('/map/a/../other/ca.pem', one, {}).because).not.toContain('--map');
});

test('leads through mounts out of the container, the innermost first', () => {
  const mounts = [
    { inside: '/certs', from: 'host', source: '/somewhere' },
    { inside: '/certs/client', from: 'secret', source: 'etcd/etcd-client' },
  ] as const;

  const match = matchFile('/certs/client/tls.crt', given, { mounts });

  expect(match).toMatchObject({ file: 'secret/etcd/etcd-client/tls.crt' });
  expect(match.because).toContain('/certs/client is secret/etcd/etcd-client outside the container');
});
