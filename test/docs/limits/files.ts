import { execFileSync, spawn } from 'node:child_process';
import { symlink, truncate, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { vi } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { readText } from '../../../src/cli/read-input.ts';
import { readBinary } from '../../../src/collect/build-info/read-binary.ts';
import { directoryWith } from '../../support/directory.ts';
import { buildInfo, elf, machO } from '../../support/program-files.ts';
import { answerOf, checked, type Limit, unread, withFiles } from './limit.ts';

const start = 'etcd --name a --listen-client-urls=http://0.0.0.0:2379\n';

/** What is said of a program file. */
const program = (file: Buffer) => async () => {
  await using directory = await directoryWith({ etcd: file });
  return await answerOf(() => Promise.resolve(readBinary(directory.at('etcd'))));
};
const notFound = 'exit 2: no build information is found';

export const ofFiles: readonly Limit[] = [
  {
    of: "a text of Go's build information in a program file",
    unit: 'bytes',
    file: 'collect/build-info/build-info.ts',
    constant: 'mostText',
    why: 'programs with a thousand modules have a tenth of it',
    beyond: notFound,
    read: program(elf(buildInfo('go1.24.6', 'm'.repeat(2 ** 20 + 1)))),
    says: /no Go build information/,
  },
  {
    of: 'headers of a program file',
    file: 'collect/build-info/program-image.ts',
    constant: 'mostHeaders',
    why: 'no real program has more',
    beyond: notFound,
    read: program(elf(buildInfo('go1.24.6'), 5000)),
    says: /no Go build information/,
  },
  {
    of: 'the headers of a program file for macOS',
    unit: 'bytes',
    file: 'collect/build-info/mach-o.ts',
    constant: 'mostBytes',
    why: 'real programs have a few kB',
    beyond: notFound,
    read: program(machO(buildInfo('go1.24.6'), 300_000)),
    says: /no Go build information/,
  },
  {
    of: 'a certificate, key, CRL or settings file',
    unit: 'bytes',
    file: 'collect/files/read-bytes.ts',
    constant: 'mostBytesOfFile',
    why: 'CA bundles of operating systems have a quarter of it',
    beyond: `named: exit 2; in a directory: ${unread}`,
    read: withFiles({ 'ca.crt': 'x'.repeat(17 * 2 ** 20) }),
    says: /ca\.crt.*too large/,
  },
  {
    of: 'any other text file',
    unit: 'bytes',
    file: 'collect/files/read-files.ts',
    constant: 'mostTextBytes',
    why: 'settings are small; what is larger is a log or a dump',
    beyond: `${unread}, unless it is a log or prose`,
    read: withFiles({ 'settings.dat': `${start}${`# ${'a'.repeat(8000)}\n`.repeat(600)}` }),
    says: /too large to be read as settings/,
  },
  {
    of: 'standard input',
    unit: 'bytes',
    file: 'collect/files/read-files.ts',
    constant: 'mostOfInput',
    why: 'lists of Secrets are long',
    beyond: 'exit 2',
    async read() {
      const megabyte = Buffer.alloc(2 ** 20, 'a\n');
      const input = Readable.from(Array.from({ length: 65 }, () => megabyte));
      const spy = vi
        .spyOn(process, 'stdin', 'get')
        .mockReturnValue(Object.assign(input, process.stdin));
      try {
        return await answerOf(() => audit({ paths: ['-'], maps: [] }));
      } finally {
        spy.mockRestore();
      }
    },
    says: /standard input is larger than 64 MiB/,
  },
  {
    of: 'evidence, reports, inventory, waivers',
    unit: 'bytes',
    file: 'cli/read-input.ts',
    constant: 'mostBytes',
    why: 'evidence of 100,000 certificates has less',
    beyond: 'exit 2',
    async read() {
      await using set = await directoryWith({ 'report.json': '{' });
      await truncate(set.at('report.json'), 257 * 2 ** 20);
      return await answerOf(async () => (await readText(set.at('report.json'))).length);
    },
    says: /is larger than 268435456 bytes/,
  },
  {
    of: 'directories within each other',
    file: 'collect/files/find-files.ts',
    constant: 'deepest',
    why: 'deeper than any certificate directory',
    beyond: unread,
    read: withFiles({ [`${'d/'.repeat(15)}etcd.sh`]: start }),
    says: /more than 12 directories deep/,
  },
  {
    of: 'files behind a link out of the directory',
    file: 'collect/files/find-files.ts',
    constant: 'mostBehindLink',
    why: 'a link to / would read the whole host',
    beyond: unread,
    async read() {
      const names = Array.from({ length: 1500 }, (_, index) => [`${index}.conf`, ''] as const);
      await using outside = await directoryWith(Object.fromEntries(names));
      await using set = await directoryWith({ 'etcd.sh': start });
      await symlink(outside.path, set.at('outside'));
      return await checked(set.path);
    },
    says: /the link leads to more than 1000 files/,
  },
  {
    of: 'links that lead to links, in a copy of the files of a host',
    file: 'collect/files/find-files.ts',
    constant: 'mostLinks',
    why: 'as many as Linux follows',
    beyond: unread,
    async read() {
      await using set = await linksInCopy(41);
      return await checked(set.path);
    },
    says: /server\.crt.*the link leads to \/l1, which was not given/,
  },
  {
    of: 'silence of a named pipe',
    unit: 'ms',
    file: 'collect/files/read-bytes.ts',
    constant: 'patienceMilliseconds',
    why: 'the writer of a process substitution starts together with this command',
    beyond: 'exit 2',
    async read() {
      await using set = await directoryWith({});
      const pipe = set.at('late.crt');
      execFileSync('mkfifo', [pipe]);
      const writer = spawn('sh', ['-c', `exec > "${pipe}"; sleep 6; echo late`], {
        stdio: 'ignore',
      });
      try {
        return await answerOf(() => audit({ paths: [pipe], maps: [] }));
      } finally {
        writer.kill();
      }
    },
    says: /no data arrived within 5 seconds/,
  },
  {
    of: 'a copy of /proc/PID/cmdline or environ',
    unit: 'bytes',
    file: 'collect/files/recognise.ts',
    constant: 'mostOfProcess',
    why: 'Linux gives a process no more',
    beyond: unread,
    read: withFiles({ cmdline: `etcd\0--name\0a\0${'x'.repeat(2.2 * 2 ** 20)}` }),
    says: /cmdline.*too large/,
  },
];

/** `server.crt` is the first of so many absolute links; the last one leads to a file. */
async function linksInCopy(count: number) {
  const set = await directoryWith({ 'etcd.sh': start });
  await writeFile(set.at(`l${count}`), 'x');
  for (let index = 1; index < count; index += 1) {
    await symlink(`/l${index + 1}`, set.at(`l${index}`));
  }
  await symlink('/l1', set.at('server.crt'));
  return set;
}
