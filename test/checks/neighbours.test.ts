import { describe, expect, test } from 'vitest';
import { compose, files, flags, judged, pod } from '../support/containers.ts';

type Files = Readonly<Record<string, string>>;

const onHost = flags('10.0.0.1').join(' ').replaceAll('=/pki', '=/srv/pki');
const services = (more: string): Files => compose(`  writer:\n    ${more}`);
const containers = (more: string): Files => {
  const { 'etcd.yaml': text = '', ...rest } = pod('');
  return {
    ...rest,
    'etcd.yaml': text.replace('  volumes:', `  - {name: writer, ${more}}\n  volumes:`),
  };
};
const unit = (text: string): Files => ({
  ...files,
  'a/etc/systemd/system/etcd.service': `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${onHost}\n`,
  'a/etc/systemd/system/certs.service': text,
});
const fetched = '/usr/bin/aws s3 cp s3://b/k /srv/pki/server.key';

describe('what another process may write where etcd reads is no given file of its name', () => {
  test.each<[string, Files]>([
    ['a service with the same directory', services('image: certs\n    volumes: ["./pki:/out"]')],
    ['a service with a directory above', services('image: certs\n    volumes: [".:/work"]')],
    [
      'a service with the long form of a volume',
      services('image: certs\n    volumes: [{type: bind, source: ./pki, target: /out}]'),
    ],
    [
      'a service that writes the file',
      services(
        'image: alpine\n    command: [curl, -o, /out/server.key, "https://x/k"]\n    volumes: ["./pki:/out"]',
      ),
    ],
    [
      'a service that writes in its directory',
      services(
        'image: alpine\n    working_dir: /out\n    command: [curl, -o, server.key, "https://x/k"]\n    volumes: ["./pki:/out"]',
      ),
    ],
    [
      'a container of the pod',
      containers('image: certs, volumeMounts: [{name: pki, mountPath: /out}]'),
    ],
    [
      'a container that writes the file',
      containers(
        'image: certs, command: [tee, /out/ca.crt], volumeMounts: [{name: pki, mountPath: /out}]',
      ),
    ],
    ['a unit that ends', unit(`[Service]\nType=oneshot\nExecStart=${fetched}\n`)],
    [
      'a unit that goes on',
      unit(`[Service]\nExecStart=/bin/sh -c 'while sleep 9; do ${fetched}; done'\n`),
    ],
    [
      'a unit with a container',
      unit('[Service]\nExecStart=/usr/bin/docker run --volume=/srv/pki:/out certs\n'),
    ],
    ['a job of cron', { ...unit(''), 'a/etc/cron.d/certs': `0 3 * * * root ${fetched}\n` }],
    [
      'a job of cron in a directory',
      {
        ...unit(''),
        'a/etc/cron.d/certs': '0 3 * * * root cd /srv/pki && curl -O https://x/ca.crt\n',
      },
    ],
    [
      'the script that starts etcd',
      { ...files, 'run.sh': `#!/bin/sh\n${fetched}\netcd ${onHost}\n` },
    ],
  ])('%s', async (_, given) => {
    expect(await judged(given)).toEqual({ status: 'incomplete', found: [], open: [] });
  });
});

describe('a process that cannot write there, or does not, leaves files as given', () => {
  test.each<[string, Files]>([
    ['a mount to read', services('image: certs\n    volumes: ["./pki:/out:ro"]')],
    ['a mount to read, with a label', services('image: certs\n    volumes: ["./pki:/out:ro,z"]')],
    [
      'the long form of a mount to read',
      services(
        'image: certs\n    volumes: [{type: bind, source: ./pki, target: /out, read_only: true}]',
      ),
    ],
    ['another directory', services('image: certs\n    volumes: ["./data:/out"]')],
    ['a server that reads', services('image: postgres:16\n    volumes: ["./pki:/certs"]')],
    [
      'a file elsewhere',
      services(
        'image: alpine\n    command: [curl, -o, /tmp/server.key, "https://x/k"]\n    volumes: ["./pki:/out"]',
      ),
    ],
    [
      'a container that can only read',
      containers('image: certs, volumeMounts: [{name: pki, mountPath: /out, readOnly: true}]'),
    ],
    [
      'a unit that is given the file',
      unit('[Service]\nExecStart=/usr/bin/agent --ca=/srv/pki/ca.crt\n'),
    ],
    [
      'a unit of another machine',
      { ...unit(''), 'b/etc/systemd/system/certs.service': `[Service]\nExecStart=${fetched}\n` },
    ],
    [
      'a job of cron elsewhere',
      { ...unit(''), 'a/etc/cron.d/x': '0 3 * * * root find /srv/pki\n' },
    ],
    [
      'the script that starts etcd',
      { ...files, 'run.sh': `#!/bin/sh\nls /srv/pki\netcd ${onHost}\n` },
    ],
  ])('%s', async (_, given) => {
    expect(await judged(given)).toEqual({ status: 'pass', found: [], open: [] });
  });
});
