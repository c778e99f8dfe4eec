import { describe, expect, test } from 'vitest';
import { outputsOfAwk } from '../../src/collect/settings/text-filters.ts';
import { files, flags, judged, pod } from '../support/containers.ts';

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

const prepared = (command: readonly string[], user = 1000) => {
  const container = `{name: prepare, image: busybox, command: ${JSON.stringify(command)}, volumeMounts: [{name: pki, mountPath: /certs}]}`;
  const given = pod('', `  initContainers:\n  - ${container}`);
  return {
    ...given,
    'etcd.yaml': String(given['etcd.yaml']).replace('runAsUser: 0', `runAsUser: ${user}`),
  };
};

describe('an init container', () => {
  test.each([
    [['chmod', '000', '/certs/server.key']],
    [['sh', '-c', 'chown 0:0 /certs/server.key; chmod 600 /certs/server.key; true']],
  ])('takes a file from the user by its other path: %j', async (command) => {
    const { status, open } = await judged(prepared(command));

    expect(status).toBe('incomplete');
    expect(open.join()).toMatch(
      /before the start, 1000 may not be able to read \/pki\/server\.key/,
    );
    expect(await judged(prepared(command, 0))).toEqual(passes);
  });

  test.each([
    [['chmod', '600', '/certs/server.key']],
    [['sh', '-c', 'chown 1000 /certs/server.key && chmod 600 /certs/server.key']],
    [['chmod', '000', '/other/server.key']],
  ])('leaves it to the user: %j', async (command) => {
    expect((await judged(prepared(command))).open).toEqual([]);
  });
});

const quadlet = (command: string, user: string) => ({
  ...files,
  'etc/containers/systemd/etcd.container': `[Container]\nImage=quay.io/coreos/etcd:v3.5.30\nNetwork=host\nUser=${user}\nVolume=/etc/pki:/etc/pki:ro\nExec=etcd ${options}\n[Service]\nExecStartPre=${command}\n`,
});

test('a command before a container of Podman', async () => {
  const closing = '/bin/chmod 000 /etc/pki/server.key';
  const reason = 'after `chmod` before the start, 1000 may not be able to read /etc/pki/server.key';

  expect((await judged(quadlet(closing, '1000'))).open.join()).toContain(reason);
  expect((await judged(quadlet(closing, '0'))).open).toEqual([]);
  expect((await judged(quadlet('/bin/chmod 644 /etc/pki/server.key', '1000'))).open).toEqual([]);
});
