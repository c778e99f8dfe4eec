import { describe, expect, test } from 'vitest';
import { outputsOfAwk } from '../../src/collect/settings/text-filters.ts';
import { files, flags, judged } from '../support/containers.ts';

const options = flags('10.0.0.1').join(' ').replaceAll('/pki/', '/etc/pki/');
const unit = (lines: readonly string[], user = 'etcd') => ({
  ...files,
  'etcd.service': `[Service]\nUser=${user}\nExecStart=/usr/bin/etcd ${options}\n${lines.map((line) => `ExecStartPre=+${line}\n`).join('')}`,
});
const passes = { status: 'pass', found: [], open: [] };

const script = (mode: string) => ({
  ...files,
  'etcd.service': `[Service]\nExecStart=/bin/sh -c 'chmod ${mode} /etc/pki/server.key; exec setpriv --reuid etcd etcd ${options}'\n`,
});

describe('commands before the start', () => {
  test.each([
    [['/bin/chmod 000 /etc/pki/server.key'], 'chmod', '/etc/pki/server.key'],
    [['/bin/chmod a-r /etc/pki/server.crt'], 'chmod', '/etc/pki/server.crt'],
    [['/bin/chown root:root /etc/pki/server.key'], 'chown', '/etc/pki/server.key'],
    [['/bin/chown -R root /etc/pki', '/bin/chmod -R 600 /etc/pki'], 'chmod', '/etc/pki'],
    [['/bin/chown root:etcd /etc/pki', '/bin/chmod u=rwx,go= /etc/pki'], 'chmod', '/etc/pki'],
    [[`/bin/sh -c 'chown kube: /etc/pki/server.key'`], 'chown', '/etc/pki/server.key'],
    [[`/bin/sh -c '[ -e /x ] && chmod 0 /etc/pki/server.key'`], 'chmod', '/etc/pki/server.key'],
  ])('take %j from the user', async (lines, by, path) => {
    const reason = `after \`${by}\` before the start, etcd may not be able to read ${path}`;
    const { status, open } = await judged(unit(lines));

    expect({ status, open: open.map((each) => each.replace(/^\d+ /, '')) }).toEqual({
      status: 'incomplete',
      open: [reason],
    });
    // Root reads everything.
    expect(await judged(unit(lines, 'root'))).toEqual(passes);
  });

  test.each([
    [['/bin/chmod 600 /etc/pki/server.key']],
    [['/bin/chown -R etcd:etcd /etc/pki', '/bin/chmod -R go-rwx /etc/pki']],
    [['/bin/chown root:etcd /etc/pki/server.key', '/bin/chmod 640 /etc/pki/server.key']],
    [['/bin/chown -R root:root /etc/pki', '/bin/chmod -R a+rX /etc/pki']],
    [['/bin/chown -R 232:232 /etc/pki']],
    [['/bin/chmod 000 /etc/pki/server.key', '/bin/chmod 400 /etc/pki/server.key']],
    [['/bin/chown root:root /run/other', '/bin/chmod 700 /run/other']],
  ])('leave %j to the user', async (lines) => {
    expect(await judged(unit(lines))).toEqual(passes);
  });

  test('in the script that starts etcd', async () => {
    expect((await judged(script('000'))).status).toBe('incomplete');
    expect(await judged(script('400'))).toEqual(passes);
  });
});

/** Without `--map`, which says where each file is. */
const elsewhere = Object.fromEntries<string>(
  Object.entries(files).map(([name, text]) => [name.replace('pki/', 'certs-'), text]),
);
const awk = (program: string) => ({
  ...elsewhere,
  'etcd.service': `[Service]\nUser=root\nExecStartPre=/usr/bin/awk '${program}' /etc/all.pem\nExecStart=/usr/bin/etcd ${options.replaceAll('/etc/pki/', '/srv/certs-')}\n`,
});

describe('what awk prints to', () => {
  test.each([
    ['{ print > "/etc/pki/server.key" }', ['/etc/pki/server.key']],
    ['{ print $1, $2 >> "/a"; printf("%s", $3) > "/b" }', ['/a', '/b']],
    ['$1 > 5 { print $2 }', []],
    ['{ if ($1 > 5) print ($2 > 3) }', []],
    ['{ print "a > b" }', []],
    ['{ print > $1 }', 'unknown'],
    ['{ print > "/etc/" $1 }', 'unknown'],
    ['{ print | "sh" }', 'unknown'],
    ['{ system("rm /x") }', 'unknown'],
    ['$1 == "a" || $2 == "b"', []],
  ])('%s', (program, outputs) => {
    expect(outputsOfAwk(program)).toEqual(outputs);
  });

  test('is not what was given', async () => {
    expect((await judged(awk('{ print > "/srv/certs-server.key" }'))).status).toBe('incomplete');
    expect(await judged(awk('{ print > "/srv/other" }'))).toEqual(passes);
  });
});
