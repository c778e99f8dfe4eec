import { describe, expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

const passes = { status: 'pass', found: [], open: [] };
const onHost = (text: string) => text.replaceAll('=/pki', '=/etc/pki');
const line = onHost(flags('10.0.0.1').join(' '));
/** The same as variables. */
const variables = flags('10.0.0.1').map((flag) => {
  const [name = '', value = 'true'] = flag.slice(2).split('=');
  return onHost(
    `ETCD_${name.toUpperCase().replaceAll('-', '_')}=${flag.slice(name.length + 3) || value}`,
  );
});
/** The same without TLS for clients. */
const wrong = variables.map((each) => each.replace(/(CLIENT_URLS)=https/, '$1=http'));
const half = Math.ceil(variables.length / 2);

const unit = (more: string, command = '/usr/bin/etcd') => ({
  'etc/systemd/system/etcd.service': `[Service]\nUser=root\n${more}\nExecStart=${command}\n`,
});
const dropIn = (text: string) => ({ 'etc/systemd/system.conf.d/10-etcd.conf': text });
const manager = (all: readonly string[]) =>
  `[Manager]\n${all.map((each) => `DefaultEnvironment="${each}"`).join('\n')}\n`;
const lines = (all: readonly string[]) => `${all.join('\n')}\n`;

const inOrder = (last: readonly string[], first: readonly string[]) => ({
  ...files,
  ...unit('EnvironmentFile=/etc/etcd/[0-9]?.env'),
  'etc/etcd/20.env': lines(last),
  'etc/etcd/10.env': lines(first),
});

describe('an environment file that is named by a pattern', () => {
  test('is each that the pattern matches', async () => {
    const given = {
      ...files,
      ...unit('EnvironmentFile=/etc/etcd/*.env'),
      'etc/etcd/10-first.env': lines(variables.slice(0, half)),
      'etc/etcd/20-second.env': lines(variables.slice(half)),
    };

    expect(await judged(given)).toEqual(passes);
  });

  test('is read in the order of names', async () => {
    expect(await judged(inOrder(variables, wrong))).toEqual(passes);
    expect((await judged(inOrder(wrong, variables))).status).toBe('fail');
  });

  test('is missing where nothing matches, and systemd does not start the unit', async () => {
    const given = {
      ...files,
      ...unit('EnvironmentFile=/etc/etcd/*.env', `/usr/bin/etcd ${line}`),
      'etc/etcd/.hidden.env': lines(wrong),
    };
    const { status, open } = await judged(given);

    expect(status).toBe('incomplete');
    expect(open.join()).toContain('EnvironmentFile=/etc/etcd/*.env was not given');
  });
});

describe('what the service manager gives to all services', () => {
  test('is set in the unit', async () => {
    const given = { ...files, ...unit(''), 'etc/systemd/system.conf': manager(variables) };

    expect(await judged(given)).toEqual(passes);
  });

  test('is replaced by its drop-ins, and by what the unit says', async () => {
    const main = { ...files, 'etc/systemd/system.conf': manager(variables) };

    expect((await judged({ ...main, ...unit(''), ...dropIn(manager(wrong)) })).status).toBe('fail');
    expect(
      await judged({
        ...main,
        ...unit(variables.map((each) => `Environment=${each}`).join('\n')),
        ...dropIn(manager(wrong)),
      }),
    ).toEqual(passes);
    expect(
      await judged({
        ...main,
        ...unit(''),
        ...dropIn(`[Manager]\nDefaultEnvironment=\n${manager(variables)}`),
      }),
    ).toEqual(passes);
  });

  test('of another host is none of the unit', async () => {
    const given = {
      ...files,
      ...unit('', `/usr/bin/etcd ${line}`),
      'other/etc/systemd/system.conf': manager(wrong),
    };
    const { status, open } = await judged(given);

    expect(status).toBe('incomplete');
    expect(open.join()).toContain('ETCD_NAME');
  });
});

const member = (name: string) => ({
  [`etc/systemd/system/${name}`]: `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${line}\n`,
});
const inFolder = (folder: string, text: string, name = '10.conf') => ({
  [`etc/systemd/system/${folder}/${name}`]: `[Service]\n${text}\n`,
});
const etcd = { ...files, ...member('etcd-main-a.service') };

describe('drop-ins of several units', () => {
  const taken = 'PrivateNetwork=yes';

  test.each(['service.d', 'etcd-.service.d', 'etcd-main-.service.d', 'etcd-main-a.service.d'])(
    '%s is of the unit',
    async (folder) => {
      const harmless = { ...etcd, ...inFolder(folder, 'Environment=ETCD_LOGGER=zap') };
      const { open } = await judged({ ...etcd, ...inFolder(folder, taken) });

      expect(await judged(harmless)).toEqual(passes);
      expect(open).toEqual([expect.stringContaining(taken)]);
    },
  );

  test.each(['kube-.service.d', 'etcd-main-a-.service.d', 'etc-.service.d'])(
    '%s is of others',
    async (folder) => {
      expect(await judged({ ...etcd, ...inFolder(folder, taken) })).toEqual(passes);
    },
  );

  test('the nearest wins', async () => {
    const far = inFolder('service.d', taken);
    const near = inFolder('etcd-.service.d', 'PrivateNetwork=no');
    const next = inFolder('etcd-.service.d', 'PrivateNetwork=no', '20.conf');
    const turned = {
      ...inFolder('service.d', 'PrivateNetwork=no'),
      ...inFolder('etcd-.service.d', taken),
    };

    expect(await judged({ ...etcd, ...far, ...near })).toEqual(passes);
    expect(await judged({ ...etcd, ...far, ...next })).toEqual(passes);
    expect((await judged({ ...etcd, ...turned })).status).toBe('incomplete');
  });
});
