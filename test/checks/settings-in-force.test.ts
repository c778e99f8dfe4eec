import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { emptyProcess, processesOf } from '../../src/collect/settings/process.ts';
import { compose, files, flags, judged, pod } from '../support/containers.ts';
import { directoryWith } from '../support/directory.ts';
import { skipWithout } from '../support/skip-without.ts';

type Files = Readonly<Record<string, string>>;

const line = flags('10.0.0.1').join(' ').replaceAll('=/pki', '=/srv/pki');
const variables = line.split(' ').map((flag) => {
  const [name = '', value = 'true'] = flag.slice(2).split(/=(.*)/s);
  return `Environment="ETCD_${name.toUpperCase().replaceAll('-', '_')}=${value}"`;
});
const name = 'etc/systemd/system/etcd.service';
const unit = (more: string, start = `/usr/bin/etcd ${line}`): Files => ({
  ...files,
  [name]: `[Service]\nUser=root\n${more}\nExecStart=${start}\n`,
});
const withVariables = (more: string, left = variables) =>
  unit(`${left.join('\n')}\n${more}`, '/usr/bin/etcd');
const unauthenticated = variables.filter(
  (variable) => !/ETCD_(?:CLIENT_CERT_AUTH|TRUSTED_CA_FILE)=/.test(variable),
);
const service = (more: string, rest: Files = {}): Files => {
  const { 'docker-compose.yml': text = '', ...others } = compose('');
  return {
    ...others,
    'docker-compose.yml': text.replace('    command:', `${more}    command:`),
    ...rest,
  };
};
const statuses = async (set: Files) => {
  const { status, found } = await judged(set);
  return { status, found };
};

describe('what decides settings or files and is not followed is an open question', () => {
  test.each<[string, Files]>([
    [
      'a compose file that is merged',
      service('', {
        'docker-compose.override.yml': 'services:\n  etcd:\n    volumes: ["/other:/pki:ro"]\n',
      }),
    ],
    [
      'a whole service in a file that compose adds',
      service('', {
        'docker-compose.override.yml':
          'services:\n  etcd:\n    image: quay.io/coreos/etcd:v3.5.30\n    volumes: ["/other:/pki:ro"]\n',
      }),
    ],
    [
      'a service that extends another one',
      service('    extends: {file: base.yml, service: base}\n', {
        'base.yml':
          'services:\n  base:\n    image: x\n    volumes: ["/other/server.key:/pki/server.key"]\n',
      }),
    ],
    [
      'volumes of another service',
      {
        ...files,
        'docker-compose.yml': (compose('')['docker-compose.yml'] ?? '').replace(
          /volumes: .*/,
          'volumes_from: [data:ro]',
        ),
      },
    ],
    [
      'a directory of a volume that a variable names',
      {
        ...files,
        'etcd.yaml': (pod('')['etcd.yaml'] ?? '').replace(
          'mountPath: /pki}',
          'mountPath: /pki, subPathExpr: $(HOSTNAME)}',
        ),
      },
    ],
    [
      'a variable of the service manager',
      withVariables('PassEnvironment=ETCD_TRUSTED_CA_FILE ETCD_CLIENT_CERT_AUTH', unauthenticated),
    ],
  ])('%s', async (_, set) => {
    expect(await statuses(set)).toEqual({ status: 'incomplete', found: [] });
  });

  test.each<[string, Files]>([
    [
      'another service of a file that is merged',
      service('', { 'docker-compose.override.yml': 'services:\n  web:\n    image: nginx\n' }),
    ],
    [
      'a variable of the service manager that a unit sets',
      withVariables('PassEnvironment=ETCD_CERT_FILE'),
    ],
    [
      'variables of the service manager that are taken back',
      withVariables('PassEnvironment=ETCD_X\nPassEnvironment='),
    ],
    ['a command that is taken back', unit(`ExecStart=/usr/bin/etcd --name=x\nExecStart=`)],
  ])('%s passes', async (_, set) => {
    expect(await statuses(set)).toEqual({ status: 'pass', found: [] });
  });
});

const mountsOf = (command: string) => {
  const words = command.split(' ').map((text) => ({ text }));
  const base = emptyProcess('systemd', { file: 'etcd.service' });
  const [process] = processesOf(base, { words, variables: [], complete: true });
  return process?.mounts;
};

test('a process in a directory of its own opens the files there', () => {
  const inJail = [{ inside: '', from: 'host', source: '/jail' }];

  expect(mountsOf('/usr/bin/nice /usr/bin/etcd')).toEqual([]);
  expect(mountsOf('/usr/sbin/chroot --userspec=etcd /jail/ /usr/bin/etcd')).toEqual(inJail);
  expect(mountsOf('start-stop-daemon -S --chroot /jail --exec /usr/bin/etcd')).toEqual(inJail);
});

const verified = async (set: Files) => {
  await using given = await directoryWith(set);
  const { stderr, status } = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', given.at('u.service')],
    { env: { ...process.env, SYSTEMD_UNIT_PATH: `${given.path}:` }, encoding: 'utf8' },
  );
  return { stderr, status };
};

describe('as systemd reads units', () => {
  skipWithout('packaging');

  const start = '[Service]\nExecStart=/bin/true\n';

  test('one with two commands is refused', async () => {
    const two = await verified({ 'u.service': `${start}ExecStart=/bin/true\n` });
    const oneshot = await verified({ 'u.service': `${start}ExecStart=/bin/true\nType=oneshot\n` });

    expect(two.stderr).toContain('more than one ExecStart=');
    expect(oneshot.stderr).not.toContain('more than one ExecStart=');
  });

  test.each([
    ['x.conf', true],
    ['x.conf.bak', false],
    ['x', false],
  ])('a drop-in called %s is read: %s', async (file, isRead) => {
    const { stderr } = await verified({
      'u.service': start,
      [`u.service.d/${file}`]: '[Service]\nNoSuch=1\n',
    });
    const dropIn = '[Service]\nUnsetEnvironment=ETCD_CLIENT_CERT_AUTH ETCD_TRUSTED_CA_FILE\n';
    const { found } = await judged({ ...withVariables(''), [`${name}.d/${file}`]: dropIn });

    expect(stderr.includes('Unknown key')).toBe(isRead);
    expect(found.length > 0).toBe(isRead);
  });
});
