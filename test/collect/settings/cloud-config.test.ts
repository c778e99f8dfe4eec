import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

const unit = '[Service]\nExecStart=/usr/bin/etcd --name e1 --client-cert-auth\n';
const packed = gzipSync(unit).toString('base64');

async function read(content: string) {
  const text = `#cloud-config\nwrite_files:\n- path: /etc/systemd/system/etcd.service\n  encoding: gz+b64\n  content: ${content}\n`;
  const { members, notUnderstood } = await readSettings([{ path: 'user-data', text }], {
    find: () => undefined,
  });
  return { names: members.map(({ name }) => name), notUnderstood };
}

test.each([packed, `|\n    ${packed.slice(0, 40)}\n    ${packed.slice(40)}`])(
  'a packed unit is read',
  async (content) => {
    expect(await read(content)).toEqual({ names: ['e1'], notUnderstood: [] });
  },
);

test.each([
  ['${base64gzip(unit)}', 'is a placeholder that is replaced before it is unpacked'],
  ["'{{ unit }}'", 'is a placeholder that is replaced before it is unpacked'],
  ['H4sIAAAAAAAA', 'is not gzip'],
  [Buffer.from(unit).toString('base64'), 'is not gzip'],
  ['TO BE FILLED IN', 'is not gzip'],
  [
    gzipSync(unit + '#'.repeat(5 * 2 ** 20)).toString('base64'),
    'is larger than 4 MiB when unpacked',
  ],
])(
  'content that cannot be unpacked is named with its line and reason: %.20s',
  async (content, why) => {
    expect((await read(content)).notUnderstood).toEqual([
      {
        path: 'user-data',
        line: 5,
        reason: `the content of /etc/systemd/system/etcd.service ${why}`,
      },
    ]);
  },
);
