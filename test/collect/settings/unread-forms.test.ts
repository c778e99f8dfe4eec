import { expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

const flags = '--name n1 --listen-client-urls http://0.0.0.0:2379';
const words = JSON.stringify(['etcd', ...flags.split(' ')]);
const seen =
  'give the lines of `ps -efww` on its host, with a copy of /proc/PID/environ of etcd, instead';

test.each([
  [
    'kustomization.yaml',
    'configMapGenerator:\n- name: etcd\n  literals: [ETCD_LISTEN_CLIENT_URLS=http://0.0.0.0:2379]\n',
    'give the output of `kubectl kustomize` for its directory instead',
  ],
  [
    'task-definition.json',
    `{"containerDefinitions": [{"name": "etcd", "command": ${words}}]}`,
    'give the output of `docker inspect` for the container on its host instead',
  ],
  [
    'ecosystem.config.js',
    `module.exports = { apps: [{ script: 'etcd', args: '${flags}' }] };\n`,
    seen,
  ],
  ['etc/init/etcd.conf', `start on runlevel [2345]\nexec /usr/bin/etcd ${flags}\n`, seen],
  ['etc/s6/etcd/run', `#!/command/execlineb -P\n/usr/bin/etcd ${flags}\n`, seen],
  [
    'main.tf',
    `resource "aws_instance" "etcd" {\n  user_data = <<-EOF\n    #!/bin/bash\n    exec etcd ${flags}\n  EOF\n}\n`,
    'give the user data that it renders as a file of its own instead',
  ],
])(
  '%s is in a form that is not read, and what to give instead is said',
  async (path, text, give) => {
    const { members, notUnderstood } = await readSettings([{ path, text }], {
      find: () => undefined,
    });

    expect(members).toEqual([]);
    expect(notUnderstood.map((each) => each.give)).toEqual([give]);
  },
);

test('another file that mentions etcd is to be written otherwise', async () => {
  const given = [{ path: 'etcd.ini', text: `run = etcd ${flags}\n` }];
  const { notUnderstood } = await readSettings(given, { find: () => undefined });

  expect(notUnderstood.map(({ give }) => give)).toEqual([undefined]);
});
