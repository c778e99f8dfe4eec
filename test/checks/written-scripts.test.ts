import { describe, expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

type Files = Readonly<Record<string, string>>;

const line = flags('10.0.0.1').join(' ').replaceAll('=/pki', '=/srv/pki');
const unit = (more: string, start = `/usr/bin/etcd ${line}`): Files => ({
  ...files,
  'etc/systemd/system/etcd.service': `[Service]\nUser=root\n${more}\nExecStart=${start}\n`,
});
const hook = (commands: string) => unit(`ExecStartPre=/bin/bash -c '${commands}'`);
const given = (commands: string): Files => ({
  ...unit('ExecStartPre=/opt/prepare.sh'),
  'prepare.sh': `#!/bin/bash\n${commands}\n`,
});
const fetch = 'aws s3 cp s3://b/k /srv/pki/server.key';
const document = (text: string, path = '/x.sh') => `cat > ${path} <<'EOF'\n${text}\nEOF`;

const variables = line.split(' ').map((flag) => {
  const [name = '', value = 'true'] = flag.slice(2).split(/=(.*)/s);
  return `Environment="ETCD_${name.toUpperCase().replaceAll('-', '_')}=${value}"`;
});
const withFile = (more: string): Files => ({
  ...unit(`${variables.join('\n')}\nEnvironmentFile=/etc/etcd/more.env\n${more}`, '/usr/bin/etcd'),
  'x/more.env': 'ETCD_LOG_LEVEL=info\n',
});
const statuses = async (set: Files) => {
  const { status, found } = await judged(set);
  return { status, found };
};

describe('what a script does that is written before it runs is read, or is an open question', () => {
  test.each<[string, Files]>([
    ['echo and a shell', hook(`echo ${fetch} > /x.sh; sh /x.sh`)],
    ['a here-document and a shell', given(`${document(fetch)}\nsh /x.sh`)],
    ['a here-document with a first line', given(`${document(`#!/bin/sh\n${fetch}`)}\n/x.sh`)],
    ['a here-document that is sourced', given(`${document(fetch)}\n. /x.sh`)],
    ['in a directory', given(`cd /opt\n${document(fetch, 'x.sh')}\n./x.sh`)],
    ['with arguments', given(`${document('aws s3 cp s3://b/k "$1"')}\nsh /x.sh /srv/pki/ca.crt`)],
    ['a download and a shell', hook('curl -so /x.sh https://h/x; sh /x.sh')],
    ['a download that is run', hook('curl -so /x.sh https://h/x && chmod +x /x.sh && /x.sh')],
    ['a download that is sourced', hook('wget -qO /x.sh https://h/x; . /x.sh')],
    ['an archive', hook('tar -xf /x.tar -C /opt; /opt/x.sh')],
    ['output of a program', hook('vault kv get x > /x.sh; bash -e /x.sh')],
    ['a part of it', given(`${document('true')}\nvault kv get x >> /x.sh\nsh /x.sh`)],
    ['a pipe', hook('curl -s https://h/x | sh')],
    ['a substitution', hook('sh -c "$(curl -s https://h/x)"')],
    ['a text that is not known', hook('eval "$(vault kv get x)"')],
    ['a program that is not known', hook('$(vault kv get x) --now')],
    [
      'a given script in the place of which another one is',
      {
        ...unit(
          'ExecStartPre=/usr/bin/curl -so /usr/local/bin/start.sh https://h/x',
          '/usr/local/bin/start.sh',
        ),
        'start.sh': `#!/bin/sh\nexec etcd ${line}\n`,
      },
    ],
    [
      'an environment file',
      withFile('ExecStartPre=/usr/bin/aws s3 cp s3://b/x /etc/etcd/more.env'),
    ],
    [
      'a file that a credential is made of',
      unit(
        `LoadCredential=k:/srv/pki/server.key\nExecStartPre=/usr/bin/${fetch}`,
        `/usr/bin/etcd ${line.replaceAll('/srv/pki/server.key', '%d/k')}`,
      ),
    ],
    [
      'a file with a relative path',
      unit(
        `WorkingDirectory=/srv\nExecStartPre=/usr/bin/${fetch}`,
        `/usr/bin/etcd ${line.replaceAll('=/srv/pki', '=pki')}`,
      ),
    ],
  ])('%s', async (_, set) => {
    expect(await statuses(set)).toEqual({ status: 'incomplete', found: [] });
  });

  test.each<[string, Files]>([
    ['a here-document that reads', given(`${document('ls /srv/pki')}\nsh /x.sh`)],
    ['a here-document that is sourced', given(`${document('a=b')}\n. /x.sh\nls "$a"`)],
    ['echo', hook('echo ls > /x.sh; sh /x.sh')],
    ['a download that is not run', hook('curl -so /x.sh https://h/x')],
    [
      'an environment file of another name',
      withFile(`ExecStartPre=/usr/bin/aws s3 cp s3://b/x /etc/x.env`),
    ],
    [
      'a credential of another file',
      unit(
        `LoadCredential=k:/srv/pki/server.key\nExecStartPre=/usr/bin/aws s3 cp s3://b/k /srv/k`,
        `/usr/bin/etcd ${line.replaceAll('/srv/pki/server.key', '%d/k')}`,
      ),
    ],
    [
      'a relative path elsewhere',
      unit(
        `WorkingDirectory=/srv\nExecStartPre=/usr/bin/aws s3 cp s3://b/k /opt/k`,
        `/usr/bin/etcd ${line.replaceAll('=/srv/pki', '=pki')}`,
      ),
    ],
  ])('%s passes where it writes no file of etcd', async (_, set) => {
    expect(await statuses(set)).toEqual({ status: 'pass', found: [] });
  });
});

/** A command within so many substitutions. */
const nested = (depth: number, command: string): string =>
  depth === 0 ? command : `echo $(${nested(depth - 1, command)})`;

describe('a client that is nested too deeply to be followed is an open question', () => {
  test.each(['curl -sk https://10.0.0.1:2379/health', 'curl -sk "$URL"', 'etcdctl get x'])(
    '%s',
    async (command) => {
      const set = (depth: number) => ({
        ...unit(''),
        'ask.sh': `#!/bin/bash\nURL=https://10.0.0.1:12379\n${nested(depth, command)}\n`,
      });

      expect((await judged(set(14))).open).toEqual([
        '3 commands within words are nested too deeply',
      ]);
    },
  );

  test('what has to do with no request passes', async () => {
    const set = { ...unit(''), 'list.sh': `#!/bin/bash\n${nested(14, 'ls /')}\n` };

    expect(await statuses(set)).toEqual({ status: 'pass', found: [] });
  });

  test('what a hook writes at that depth is not known', async () => {
    expect(await statuses(hook(nested(14, fetch)))).toEqual({ status: 'incomplete', found: [] });
  });
});
