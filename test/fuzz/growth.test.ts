import { expect, test } from 'vitest';
import { judge } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { directoryWith } from '../support/directory.ts';
import { tryLengths } from './targets/long.ts';

const start = 'ExecStart=/usr/bin/etcd --name a --listen-client-urls=http://10.0.0.1:2379\n';
const unit = (line: (index: number) => string) => (count: number) => ({
  'etcd.service': `[Service]\n${start}${many(count, line)}`,
});
const dropIns = (line: (index: number) => string) => (count: number) => ({
  'etcd.service': `[Service]\n${start}`,
  ...Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `etcd.service.d/${index}.conf`,
      `[Service]\n${line(index)}`,
    ]),
  ),
});
const pod = (spec: string) => ({
  'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: { name: etcd }\nspec:\n${spec}`,
});
const script = (line: (index: number) => string) => (count: number) => ({
  'ask.sh': `#!/bin/sh\n${many(count, line)}etcd --name a\n`,
});
const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');
const host = (index: number) => `10.0.${Math.floor(index / 256)}.${index % 256}:2379`;
const shown = (name: string, program: string) =>
  `Id=${name}.service\nExecStart={ path=${program} ; argv[]=${program} --name ${name} ; ignore_errors=no ; pid=0 }\nEnvironment=A=b\nUser=x\n\n`;

/** So many of the same, each with a name of its own, in files as hosts have them. */
const sets: Readonly<Record<string, (count: number) => Readonly<Record<string, string>>>> = {
  'variables of a unit': unit((index) => `Environment=A${index}=b\n`),
  'commands before a unit': unit((index) => `ExecStartPre=/usr/bin/test -f /etc/f${index}\n`),
  'requests after a unit': unit(
    (index) => `ExecStartPost=/usr/bin/curl -f http://${host(index)}\n`,
  ),
  'environment files of a unit': unit((index) => `EnvironmentFile=-/etc/e${index}.env\n`),
  'drop-ins of a unit': dropIns((index) => `Environment=A${index}=b\n`),
  'drop-ins with a command': dropIns((index) => `ExecStartPre=/usr/bin/test -f /etc/f${index}\n`),
  'clients after a unit': unit(
    (index) => `ExecStartPost=/usr/bin/etcdctl --endpoints https://${host(index)} get a\n`,
  ),
  'units of `systemctl show`': (count) => ({
    'show.txt': `${many(count, (index) => shown(`u${index}`, `/usr/bin/u${index}`))}${shown('etcd', '/usr/bin/etcd')}`,
  }),
  'requests of a script': script((index) => `curl --cacert /etc/ca.crt https://${host(index)}\n`),
  'clients of a script': script((index) => `etcdctl --endpoints https://${host(index)} get a\n`),
  'clients that a condition decides about': script(
    (index) => `if etcdctl --endpoints https://${host(index)} get a; then echo b; fi\n`,
  ),
  'variables of a script': script((index) => `A${index}=b\n`),
  'words that nothing sets in a script': script((index) => `run $B${index}\n`),
  'volumes of a pod': (count) =>
    pod(
      `  volumes:\n${many(count, (index) => `  - { name: v${index}, emptyDir: {} }\n`)}` +
        `  containers:\n  - name: etcd\n    command: [etcd]\n    volumeMounts:\n` +
        many(count, (index) => `    - { name: v${index}, mountPath: /m${index} }\n`),
    ),
  'addresses of a member': (count) => ({
    'etcd.conf.yml': `name: a\nlisten-client-urls: ${Array.from({ length: count }, (_, index) => `https://${host(index)}`).join(',')}\n`,
  }),
  'files and clients in cloud-config': (count) => ({
    'user-data': `#cloud-config\nwrite_files:\n${many(count / 4, (index) => `- { path: /etc/f${index}, content: a }\n`)}runcmd:\n${many(count / 4, (index) => `- etcdctl --endpoints https://${host(index)} get a\n`)}`,
  }),
};

const make = (length: number) => 'x'.repeat(length);

test.each(Object.entries(sets))(
  'thousands of %s take a multiple of the time of a quarter, not its square',
  { timeout: 120_000 },
  async (_, filesOf) => {
    const read = async (text: string) => {
      await using set = await directoryWith(filesOf(Math.floor(text.length / 25)));
      judge(await collect({ paths: [set.path], maps: [] }));
    };

    await expect(tryLengths({ make, read })).resolves.toBeGreaterThan(0);
  },
);
