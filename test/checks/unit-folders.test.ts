import { describe, expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

const words = flags('10.0.0.1').map((flag) => flag.replaceAll('/pki/', '/etc/pki/'));
const open = words.filter((flag) => !/^--(?:client-cert-auth|trusted-ca-file)/.test(flag));
const unit = (given: readonly string[]) =>
  `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${given.join(' ')}\n`;
const passes = { status: 'pass', found: [], open: [] };
const admits = {
  status: 'fail',
  found: [expect.stringContaining('client-port-admits-anonymous')],
  open: [],
};

const given = (units: Readonly<Record<string, string>>) => judged({ ...files, ...units });

describe('of units with one name', () => {
  const folders = [
    'etc/systemd/system.control',
    'run/systemd/system.control',
    'run/systemd/transient',
    'run/systemd/generator.early',
    'etc/systemd/system',
    'etc/systemd/system.attached',
    'run/systemd/system',
    'run/systemd/generator',
    'usr/local/lib/systemd/system',
    'usr/lib/systemd/system',
    'run/systemd/generator.late',
  ].map((folder) => `${folder}/etcd.service`);

  test.each(folders.slice(1).map((path, index) => [folders[index] ?? '', path] as const))(
    '%s wins over %s',
    async (first, second) => {
      expect(await given({ [first]: unit(words), [second]: unit(open) })).toEqual(passes);
      expect(await given({ [first]: unit(open), [second]: unit(words) })).toEqual(admits);
    },
  );

  test('links that enable them are no units of their own', async () => {
    const link = 'etc/systemd/system/multi-user.target.wants/etcd.service';
    const own = 'usr/lib/systemd/system/etcd.service';
    const dropIn = 'etc/systemd/system/etcd.service.d/10.conf';
    const other = `[Service]\nExecStart=\nExecStart=/usr/bin/etcd ${open.join(' ')}\n`;

    expect(await given({ [own]: unit(words), [link]: unit(words) })).toEqual(passes);
    expect(await given({ [own]: unit(words), [link]: unit(words), [dropIn]: other })).toEqual(
      admits,
    );
  });

  test.each(['etc/systemd/system.control', 'run/systemd/transient', 'run/systemd/system'])(
    'drop-ins in %s are those of a unit elsewhere',
    async (folder) => {
      const dropIn = { [`${folder}/etcd.service.d/50-x.conf`]: '[Service]\nNice=1\n' };
      const opening = {
        [`${folder}/etcd.service.d/50-x.conf`]: `[Service]\nExecStart=\nExecStart=/usr/bin/etcd ${open.join(' ')}\n`,
      };
      const own = { 'usr/lib/systemd/system/etcd.service': unit(words) };

      expect(await given({ ...own, ...dropIn })).toEqual(passes);
      expect(await given({ ...own, ...opening })).toEqual(admits);
    },
  );

  test('an empty one masks the others', async () => {
    const { status, open: unread } = await given({
      'usr/lib/systemd/system/etcd.service': unit(words),
      'etc/systemd/system/etcd.service': '',
    });

    expect(status).toBe('incomplete');
    expect(unread).toEqual(['- systemd does not start etcd.service, which is masked']);
  });
});
