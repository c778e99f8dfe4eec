import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFiles } from '../../../src/collect/files/find-files.ts';
import { parseReport } from '../../../src/report/parse-report.ts';
import { directoryWith } from '../../support/directory.ts';
import { runProgram } from '../../support/program.ts';
import { issueAuthority } from '../../support/pki.ts';

const ca = (await issueAuthority({ commonName: 'ca' })).certificatePem;

test('pipes, sockets and endless files below a directory are passed over at once, and told where they promise a certificate', async () => {
  await using set = await directoryWith({ 'ca.crt': ca });
  execFileSync('mkfifo', [set.at('server.crt'), set.at('noise')]);
  await symlink('/dev/zero', set.at('zero.pem'));
  await symlink('/dev/zero', set.at('zero'));
  await symlink('/proc/kpageflags', set.at('pages.crt'));
  await symlink('/proc/kpageflags', set.at('pages'));
  await symlink('/proc/self/maps', set.at('maps'));

  const { code, stdout, stderr } = await runProgram(['check', set.path, '--report', 'json']);

  expect(stderr).toBe('');
  expect(code).not.toBe(2);
  const { facts } = parseReport(stdout);
  const seen = new Map(facts.files?.map((file) => [file.path.slice(set.path.length + 1), file]));
  expect(seen.get('server.crt')?.unreadable?.kind).toBe('not-regular');
  expect(seen.get('zero.pem')?.unreadable?.kind).toBe('not-regular');
  expect(seen.get('ca.crt')?.blocks).toHaveLength(1);
  expect(seen.get('zero')).toBeUndefined();
});

test('a pipe that is named is read, and one without a writer ends the run in one line', async () => {
  await using set = await directoryWith({ 'ca.crt': ca });
  execFileSync('mkfifo', [set.at('pipe.crt'), set.at('dead.crt')]);
  const writer = spawn('sh', [
    '-c',
    `sleep 0.5; cat "${set.at('ca.crt')}" > "${set.at('pipe.crt')}"`,
  ]);
  const read = await runProgram(['check', set.at('pipe.crt'), '--report', 'json']);
  writer.kill();

  expect(parseReport(read.stdout).facts.files?.[0]?.blocks).toHaveLength(1);

  const silent = spawn('sh', ['-c', `exec sleep 30 > "${set.at('dead.crt')}"`]);
  const dead = await runProgram(['check', set.at('dead.crt')]);
  silent.kill();
  expect(dead).toMatchObject({ code: 2, stdout: '' });
  expect(dead.stderr).toContain('no data arrived within 5 seconds');
  expect(dead.stderr.trimEnd().split('\n')).toHaveLength(2);
});

test('a link out of the directory leads to so many files and no more, which is told', async () => {
  const names = Array.from({ length: 1500 }, (_, index) => `${index}.conf`);
  await using outside = await directoryWith(Object.fromEntries(names.map((name) => [name, ''])));
  await using set = await directoryWith({ 'ca.crt': ca });
  await symlink(outside.path, set.at('outside'));

  const { files: found, directories } = findFiles([set.path]);

  const seen = found.filter(({ unreadable }) => unreadable?.text.includes('more than 1000 files'));
  expect(seen.map(({ path }) => path)).toEqual([set.at('outside')]);
  expect(found.length).toBeLessThan(1100);
  expect(directories).toEqual([set.path]);
  expect(findFiles([outside.path]).files).toHaveLength(1500);
});

test('a directory that is too deep is told', async () => {
  await using set = await directoryWith({ 'ca.crt': ca });
  const deep = join(set.path, ...Array.from({ length: 15 }, () => 'd'));
  await mkdir(deep, { recursive: true });
  await writeFile(join(deep, 'etcd.crt'), ca);
  await chmod(deep, 0o755);

  const { stdout } = await runProgram(['check', set.path, '--report', 'json']);

  expect(stdout).toContain('more than 12 directories deep');
});

test.each([
  [40, undefined],
  [41, 'the link leads to /l1, which was not given'],
])(
  'a link through %i links in a copy of a host is followed as Linux follows it',
  async (count, refusal) => {
    await using set = await directoryWith({ [`l${count}`]: ca });
    for (let index = 1; index < count; index += 1) {
      await symlink(`/l${index + 1}`, set.at(`l${index}`));
    }
    await symlink('/l1', set.at('server.crt'));

    const found = findFiles([set.path]).files.find(({ path }) => path === set.at('server.crt'));

    expect(found?.unreadable?.text).toBe(refusal);
    expect(found?.content).toBe(refusal === undefined ? set.at('l40') : undefined);
  },
);
