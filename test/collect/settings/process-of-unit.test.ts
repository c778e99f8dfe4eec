import { expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

const urls =
  '--listen-client-urls https://10.0.0.1:2379 --advertise-client-urls https://10.0.0.1:2379';
const flags = `--name e1 ${urls} --client-cert-auth`;
const unit = (words: string) => ({
  'etcd.service': `[Service]\nEnvironment=ETCD_DATA_DIR=/var/lib/etcd\nExecStart=/usr/bin/etcd ${words}\n`,
});
const bare = `[Service]\nEnvironment=ETCD_NAME=e1 ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379\nExecStart=/usr/bin/etcd\n`;

/** A line of `ps aux`, as wide as the terminal where a width is given. */
function listed(command: string, width?: number): string {
  const head = 'etcd       812  0.4  1.2 11214  8812 ?        Ssl  Nov01  2:34 ';
  const row = `${head}${command}`;
  const line = width === undefined ? row : row.padStart(width).slice(0, width);
  return `USER       PID %CPU %MEM   VSZ   RSS TTY      STAT START   TIME COMMAND\n${line}\n`;
}

async function read(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const { members, notUnderstood } = await readSettings(files, { find: () => undefined });
  return { from: members.map(({ origin }) => origin.file), notUnderstood };
}

test.each([
  [
    'that is as wide as the terminal and may be cut off',
    { 'etcd.service': bare },
    listed('/usr/bin/etcd', 80),
  ],
  ['that is cut off', unit(flags), listed(`/usr/bin/etcd ${flags}`, 132)],
  ['with the arguments of the unit', unit(flags), listed(`/usr/bin/etcd ${flags}`)],
])('a process %s is that of its unit', async (_, texts, list) => {
  expect(await read({ ...texts, 'ps.txt': list })).toEqual({
    from: ['etcd.service'],
    notUnderstood: [],
  });
});

test.each([
  ['less', `--name e1 ${urls}`, '--client-cert-auth only there'],
  ['more', `${flags} --auto-tls`, '--auto-tls only here'],
])('a process with %s than its unit states contradicts it', async (_, words, difference) => {
  const { from, notUnderstood } = await read({
    ...unit(flags),
    'ps.txt': listed(`/usr/bin/etcd ${words}`),
  });

  expect(from).toEqual(['etcd.service']);
  expect(notUnderstood).toEqual([
    {
      path: 'ps.txt',
      line: 2,
      reason: `e1 runs with other arguments than etcd.service states (${difference})`,
      give: 'restart e1 and list its processes again, or leave an old list out',
    },
  ]);
});

test.each([
  ['of another name', listed(`/usr/bin/etcd --name e2 ${urls}`)],
  ['that is cut off after other arguments', listed(`/usr/bin/etcd --name e2 ${urls}`, 132)],
])('a process %s is another member', async (_, list) => {
  expect((await read({ ...unit(flags), 'ps.txt': list })).from).toEqual(['etcd.service', 'ps.txt']);
});

function table(command: string) {
  return { 'etc/cron.d/etcd': `0 3 * * * root ${command}\n` };
}

test('find in a table of cron starts nothing, unless it is told to', async () => {
  expect(await read(table('find /var/log/etcd -delete'))).toEqual({ from: [], notUnderstood: [] });
  expect(
    (await read(table('find / -name etcd -exec /opt/etcd/run --initial-cluster {} +')))
      .notUnderstood,
  ).toMatchObject([{ path: 'etc/cron.d/etcd' }]);
});
