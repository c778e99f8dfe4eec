import { describe, expect, test } from 'vitest';
import { files, flags, judged, sound, wrongCa } from '../support/containers.ts';

const image = 'quay.io/coreos/etcd:v3.5.30';
const line = flags('10.0.0.1').join(' ');
const onHost = (text: string) => text.replaceAll('=/pki', '=/etc/pki');
const unit = {
  'etc/systemd/system/etcd.service': `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${onHost(line)}\n`,
};
const passes = { status: 'pass', found: [], open: [] };

function client(options: string): string {
  return `etcdctl --endpoints=https://10.0.0.1:2379 ${onHost(options)} snapshot save /backup/$(date +\\%F).db`;
}

function tables(options: string): readonly (readonly [string, string, string])[] {
  return [
    [
      'of the system',
      'etc/cron.d/etcd-backup',
      `# backup\nSHELL=/bin/sh\n\n0 3 * * * root /usr/bin/${client(options)}\n`,
    ],
    ['as crontab -l prints it', 'crontab.txt', `MAILTO=""\n@daily ${client(options)}\n`],
    [
      'with names of days',
      'crontab',
      `*/5 1-3 * jan mon,tue ETCDCTL_API=3 ${client(options)} >/dev/null 2>&1\n`,
    ],
  ];
}

describe('a table of cron', () => {
  test.each(tables(sound))('%s runs a client', async (_, path, text) => {
    const given = { ...files, ...unit, [path]: text };

    expect(await judged(given)).toEqual(passes);
  });

  test.each(tables(wrongCa))('%s runs a client that trusts another CA', async (_, path, text) => {
    const { status, found } = await judged({ ...files, ...unit, [path]: text });

    expect(status).toBe('fail');
    expect(found.join()).toMatch(/^unknown-authority|^handshake-refused/);
  });

  test('that runs nothing of etcd changes nothing', async () => {
    const text = '17 * * * * root cd / && run-parts --report /etc/cron.hourly\n';

    expect(await judged({ ...files, ...unit, 'etc/cron.d/etcd': text })).toEqual(passes);
  });
});

function dropIn(text: string, folder = 'etcd.container.d') {
  return { [`etc/containers/systemd/${folder}/10.conf`]: `[Container]\n${text}\n` };
}

describe('a drop-in of a quadlet', () => {
  const quadlet = {
    'etc/containers/systemd/etcd.container': `[Container]\nImage=${image}\nUser=0\nVolume=/etc/pki:/pki\nVolume=/var/lib/etcd:/var/lib/etcd\nExec=etcd ${line}\n`,
  };
  test('is a part of its unit', async () => {
    const given = { ...files, ...quadlet, ...dropIn('Environment=ETCD_LOGGER=zap') };

    expect(await judged(given)).toEqual(passes);
  });

  test.each(['etcd.container.d', 'container.d'])(
    'in %s replaces what is said once',
    async (folder) => {
      const words = line.replaceAll('/server.key', '/client.key');
      const given = { ...files, ...quadlet, ...dropIn(`Exec=etcd ${words}`, folder) };
      const { status, found } = await judged(given);

      expect(status).toBe('fail');
      expect(found.join()).toContain('key-of-another-certificate');
    },
  );

  test('takes back a list with an empty value', async () => {
    const given = { ...files, ...quadlet, ...dropIn('Volume=\nVolume=/srv/none:/none') };

    expect((await judged(given)).status).toBe('fail');
  });
});

test('values of variables that are too long to be read are called so', async () => {
  const long = 'x'.repeat(2.1 * 1024 * 1024);
  const given = {
    ...files,
    'etc/systemd/system/etcd.service': `[Service]\nUser=root\nEnvironment=LONG=${long}\nExecStart=/usr/bin/etcd ${onHost(line)} --log-outputs=\${LONG}\n`,
  };
  const { status, open } = await judged(given);

  expect(status).toBe('incomplete');
  expect(open).toEqual([
    '4 the value of --log-outputs is not known: the values of its variables come to more than 2 MiB, and are not read',
  ]);
});

function inspected(args: readonly string[]) {
  return {
    'inspect.json': JSON.stringify({
      status: {
        metadata: { attempt: 0, name: 'etcd' },
        state: 'CONTAINER_RUNNING',
        image: { userSpecifiedImage: image, image: 'sha256:0123' },
        mounts: [
          { containerPath: '/pki', hostPath: '/etc/pki', readonly: true },
          { containerPath: '/var/lib/etcd', hostPath: '/var/lib/etcd' },
        ],
      },
      info: {
        sandboxID: '4567',
        runtimeSpec: { process: { args, env: ['ETCD_LOGGER=zap'], user: { uid: 0, gid: 0 } } },
      },
    }),
  };
}

describe('the output of crictl inspect', () => {
  test('is a member that runs', async () => {
    expect(await judged({ ...files, ...inspected(['etcd', ...flags('10.0.0.1')]) })).toEqual(
      passes,
    );
  });

  test('says which files etcd opens', async () => {
    const args = ['etcd', ...flags('10.0.0.1')].map((word) =>
      word.replace('server.key', 'client.key'),
    );
    const { found } = await judged({ ...files, ...inspected(args) });

    expect(found.join()).toContain('key-of-another-certificate');
  });
});

function nspawn(bind: string) {
  return {
    'etc/systemd/nspawn/etcd.nspawn': `[Exec]\nBoot=no\nUser=root\nEnvironment=ETCD_LOGGER=zap\nParameters=/usr/bin/etcd ${line}\n\n[Files]\nBindReadOnly=${bind}\nBind=/var/lib/etcd\n`,
  };
}

describe('a container of systemd-nspawn', () => {
  test('sees the directories that are bound', async () => {
    expect(await judged({ ...files, ...nspawn('/etc/pki:/pki') })).toEqual(passes);
  });

  test('sees no other directory of the host', async () => {
    const root = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`etc/${name}`, text]),
    );

    expect((await judged({ ...root, ...nspawn('/srv/pki:/srv/pki') })).status).not.toBe('pass');
  });
});
