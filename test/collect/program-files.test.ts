import { expect, test } from 'vitest';
import { readBinary } from '../../src/collect/build-info/read-binary.ts';
import { unseenProcesses } from '../../src/deployment/process/unseen.ts';
import { deploy } from '../support/deploy.ts';
import { directoryWith } from '../support/directory.ts';
import { buildInfo, elf, machO, modulesInMemory } from '../support/program-files.ts';

test.each([
  ['go1.16.15b7', '1.16.15', ['boringcrypto']],
  ['go1.19.6+boringcrypto', '1.19.6', ['boringcrypto']],
  ['go1.22.7 X:boringcrypto', '1.22.7', ['boringcrypto']],
  ['go1.24.6-X:synctest,boringcrypto', '1.24.6', ['boringcrypto', 'synctest']],
  ['go1.24.6 X:synctest', '1.24.6', ['synctest']],
  ['go1.24.6', '1.24.6', []],
])('a program built with %s', async (version, goVersion, experiments) => {
  await using directory = await directoryWith({
    elf: elf(buildInfo(version)),
    'mach-o': machO(buildInfo(version)),
  });

  for (const name of ['elf', 'mach-o']) {
    const file = directory.at(name);
    expect(readBinary(file)).toEqual({ file, goVersion, experiments });
  }
});

test('modules and settings of a build', async () => {
  const modules = modulesInMemory(
    'mod\tgo.etcd.io/etcd/server/v3\tv3.5.30\t',
    'build\tDefaultGODEBUG=tlsrsakex=1',
    'build\tGOEXPERIMENT=boringcrypto',
  );
  await using directory = await directoryWith({ etcd: elf(buildInfo('go1.24.6', modules)) });

  expect(readBinary(directory.at('etcd'))).toMatchObject({
    etcdVersion: '3.5.30',
    defaultGodebug: 'tlsrsakex=1',
    experiments: ['boringcrypto'],
  });
});

test.each([
  ['go1.24.6+boringcrypto', 1],
  ['go1.24.6 X:boringcrypto', 1],
  ['go1.24.6', 0],
])('members run by a program of %s are assumed to follow %i FIPS mode', async (version, count) => {
  await using directory = await directoryWith({
    'etcd.env': 'ETCD_NAME=n1\nETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379\n',
    program: elf(buildInfo(version)),
  });
  const paths = [directory.at('etcd.env')];
  const { facts } = await deploy({ paths, maps: [], etcdBinary: directory.at('program') });
  const modes = unseenProcesses(facts.members).filter(({ about }) => about.includes('FIPS'));

  expect(modes).toHaveLength(count);
});
