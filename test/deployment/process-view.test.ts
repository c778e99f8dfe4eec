import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { filesOfMember, flagsOfMember } from '../support/lone-member.ts';
import { directoryWith } from '../support/directory.ts';

const missing = 'no such file or directory';
const denied = 'permission denied';

const files = filesOfMember;

interface Pod {
  readonly words?: readonly string[];
  readonly image?: string;
  readonly container?: object;
  readonly spec?: object;
}

const mount = { name: 'certs', mountPath: '/etc/kubernetes/pki/etcd', readOnly: true };
const hostPath = { name: 'certs', hostPath: { path: '/etc/kubernetes/pki/etcd' } };

function pod({ words: command = [], image = 'registry.k8s.io/etcd:3.5.16-0', ...rest }: Pod) {
  const container = {
    name: 'etcd',
    image,
    command: ['etcd', ...command],
    volumeMounts: [mount],
    ...rest.container,
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'etcd' },
    spec: { containers: [container], volumes: [hostPath], ...rest.spec },
  });
}

/** Files of the host below its own paths, which is how evidence of a host holds them. */
function onHost(manifest: string) {
  return {
    'etc/kubernetes/manifests/etcd.json': manifest,
    ...Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`etc/kubernetes/pki/etcd/${name}`, text]),
    ),
    'etc/kubernetes/pki/ca.crt': files['ca.crt'],
  };
}

function secret(volume: object, more: Pod = {}) {
  const data = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, Buffer.from(text).toString('base64')]),
  );
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'certs' }, data };
  const volumes = [{ name: 'certs', ...volume }];
  const manifest = pod({
    words: flagsOfMember('/certs/'),
    ...more,
    spec: { volumes, ...more.spec },
  });
  const mounted = manifest.replace('"/etc/kubernetes/pki/etcd"', '"/certs"');
  return { 'pod.json': mounted, 'secret.json': JSON.stringify(object) };
}

const plain = { secret: { secretName: 'certs' } };
const strict = { secret: { secretName: 'certs', defaultMode: 0o400 } };
const user = { securityContext: { runAsUser: 1000 } };

function unit(directives: readonly string[], directory: string) {
  return {
    'etc/systemd/system/etcd.service': [
      '[Service]',
      ...directives,
      `ExecStart=/usr/bin/etcd ${flagsOfMember(`${directory}/`).join(' ')}`,
    ].join('\n'),
    ...files,
  };
}

interface Case {
  readonly title: string;
  readonly given: Readonly<Record<string, string>>;
  readonly says?: string;
  readonly about?: string;
}

const pki = '/etc/kubernetes/pki/etcd';
const cases: readonly Case[] = [
  {
    title: 'a pod with all of its files mounted',
    given: onHost(pod({ words: flagsOfMember(`${pki}/`) })),
  },
  {
    title: 'a pod whose CA is outside every mount',
    given: onHost(pod({ words: flagsOfMember(`${pki}/`, '/etc/kubernetes/pki/ca.crt') })),
    says: `open /etc/kubernetes/pki/ca.crt: ${missing}`,
    about: 'file-hidden-from-process',
  },
  {
    title: 'a pod without any mount',
    given: onHost(pod({ words: flagsOfMember(`${pki}/`), container: { volumeMounts: [] } })),
    says: `open ${pki}/server.crt: ${missing}`,
    about: 'file-hidden-from-process',
  },
  {
    title: 'a pod with an empty directory in the place of its files',
    given: onHost(
      pod({
        words: flagsOfMember(`${pki}/`),
        spec: { volumes: [{ name: 'certs', emptyDir: {} }] },
      }),
    ),
    says: `open ${pki}/server.crt: ${missing}`,
    about: 'file-hidden-from-process',
  },
  { title: 'a Secret, as root', given: secret(strict) },
  { title: 'a Secret of mode 0644, as another user', given: secret(plain, { spec: user }) },
  {
    title: 'a Secret of mode 0400, as another user',
    given: secret(strict, { spec: user }),
    says: `open /certs/server.crt: ${denied}`,
    about: 'file-denied-to-user',
  },
  {
    title: 'a Secret of mode 400, which is 0620, as another user',
    given: secret({ secret: { secretName: 'certs', defaultMode: 400 } }, { spec: user }),
    says: `open /certs/server.crt: ${denied}`,
    about: 'file-denied-to-user',
  },
  {
    title: 'a Secret of mode 0400, as a user of its group',
    given: secret(strict, { spec: { securityContext: { runAsUser: 1000, fsGroup: 1000 } } }),
  },
  {
    title: 'a Secret of mode 0400, as a root without capabilities',
    given: secret(strict, {
      container: { securityContext: { runAsUser: 0, capabilities: { drop: ['ALL'] } } },
    }),
  },
  {
    title: 'a projected Secret of mode 0400, as another user',
    given: secret(
      { projected: { defaultMode: 0o400, sources: [{ secret: { name: 'certs' } }] } },
      { spec: user },
    ),
    says: `open /certs/server.crt: ${denied}`,
    about: 'file-denied-to-user',
  },
  {
    title: 'a Secret whose items leave out the key',
    given: secret({
      secret: {
        secretName: 'certs',
        items: ['server.crt', 'ca.crt'].map((key) => ({ key, path: key })),
      },
    }),
    says: `open /certs/server.key: ${missing}`,
    about: 'file-hidden-from-process',
  },
  {
    title: 'a service with a home that is protected, as another user',
    given: unit(['User=etcd', 'ProtectHome=yes'], '/home/etcd'),
    says: `open /home/etcd/server.crt: ${denied}`,
    about: 'file-hidden-from-process',
  },
  {
    title: 'a service with a home that is protected, as root',
    given: unit(['ProtectHome=true'], '/root/pki'),
    says: `open /root/pki/server.crt: ${missing}`,
    about: 'file-hidden-from-process',
  },
  {
    title: 'a service with a home that is read-only',
    given: unit(['ProtectHome=read-only'], '/home/etcd'),
  },
  {
    title: 'a dynamic user with its files below /tmp',
    given: unit(['DynamicUser=yes'], '/tmp/pki'),
    says: `open /tmp/pki/server.crt: ${missing}`,
    about: 'file-hidden-from-process',
  },
  {
    title: 'a directive that a later one takes back',
    given: unit(['ProtectHome=yes', 'ProtectHome=no'], '/home/etcd'),
  },
  {
    title: 'credentials that systemd hands over',
    given: unit(
      ['DynamicUser=yes', ...Object.keys(files).map((id) => `LoadCredential=${id}:/root/${id}`)],
      '%d',
    ),
  },
  {
    title: 'a command outside of the sandbox',
    given: Object.fromEntries(
      Object.entries(unit(['User=etcd', 'ProtectHome=yes'], '/home/etcd')).map(([name, text]) => [
        name,
        text.replace('ExecStart=', 'ExecStart=+'),
      ]),
    ),
  },
];

test.each(cases)('$title: $says', async ({ given, says, about }) => {
  await using directory = await directoryWith(given);

  const report = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });
  const said = report.forecast.flatMap(({ refusedBy, serverError }) =>
    refusedBy === 'start' ? [serverError] : [],
  );
  const found = report.results.flatMap(({ check, verdict }) =>
    verdict.status === 'fail' && /^(?:file-(?:denied|hidden)|handshake)/.test(check.id)
      ? [check.id]
      : [],
  );

  expect([...new Set(said)]).toEqual(says === undefined ? [] : [says]);
  expect([...new Set(found)]).toEqual(about === undefined ? [] : [about]);
});

test('owners of a copy are not judged, and the report says what was not seen', async () => {
  await using directory = await directoryWith(unit(['User=etcd'], '/etc/etcd'));

  const { verdict } = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });

  expect(verdict.status).toBe('pass');
  expect(verdict.sentence).toMatch(/owners of the files on the hosts are not known/);
  expect(verdict.assumptions[0]).toMatchObject({ about: 'the processes of m1' });
});

test('a container of which nothing says the user leaves the user open', async () => {
  const compose = `services:\n  etcd:\n    image: example.test/store:1\n    command: ${JSON.stringify(['etcd', ...flagsOfMember('/certs/')])}\n    volumes: [./:/certs:ro]\n`;
  await using directory = await directoryWith({ 'compose.yml': compose, ...files });

  const { verdict } = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });

  expect(verdict.sentence).toMatch(/the hosts' users and sandboxes were not seen/);
});

test.each([
  ['/opt/prepare.sh', {}, 'prepare.sh does'],
  ['/opt/prepare.sh', { 'opt/prepare.sh': '#!/bin/sh\nmkdir -p /var/lib/etcd\n' }, undefined],
  ['/bin/sh -c "/opt/one && /opt/two"', {}, 'one and two do'],
  ['-/opt/prepare.sh', {}, 'prepare.sh does'],
  ['/usr/bin/docker pull quay.io/coreos/etcd:v3.5.16', {}, undefined],
])('%s before the start, with %o: %s', async (command, scripts, says) => {
  await using directory = await directoryWith({
    ...unit([`ExecStartPre=${command}`], '/etc/etcd'),
    ...scripts,
  });

  const { verdict } = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });

  expect(verdict.status).toBe('pass');
  const said = /what (.*) before the start was not seen/.exec(verdict.sentence)?.[1];
  expect(said).toBe(says);
});

test('a script that starts etcd names what else it runs and was not given', async () => {
  const line = `etcd ${flagsOfMember('/etc/etcd/').join(' ')}`;
  await using directory = await directoryWith({
    'etc/systemd/system/etcd.service': '[Service]\nUser=root\nExecStart=/opt/start.sh\n',
    'opt/start.sh': `#!/bin/sh\nmkdir -p /var/lib/etcd\n/opt/prepare\nexec ${line}\n`,
    ...files,
  });

  const { verdict } = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });

  expect(verdict.sentence).toMatch(/what prepare does before the start was not seen/);
});
