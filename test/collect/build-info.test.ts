import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readBuildTexts } from '../../src/collect/build-info/build-info.ts';
import { readBinary } from '../../src/collect/build-info/read-binary.ts';
import { comparedGo, goToolchain } from '../../testcluster/binaries/go-toolchains.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { run, type RunOptions } from '../../testcluster/run.ts';
import { goOf } from '../../src/deployment/go-rules.ts';
import { deploy } from '../support/deploy.ts';
import { directoryWith } from '../support/directory.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd', 'go');

async function callGo(parameters: readonly string[], options: RunOptions = {}) {
  const { program, environment } = await goToolchain(comparedGo);
  const ended = await run(program, parameters, {
    ...options,
    environment: { ...environment, ...options.environment },
  });
  expect(ended).toMatchObject({ code: 0 });
  return ended;
}

/** What Go's own tool reads, as far as it is kept. */
async function asGoSays(path: string) {
  const { stdout } = await callGo(['version', '-m', path]);
  const setting = (name: string) =>
    new RegExp(`^\\tbuild\\t(?:"?)${name}=(.*?)"?$`, 'm').exec(stdout)?.[1];
  const godebug = setting('DefaultGODEBUG');
  const fips = setting('GOFIPS140');
  const release = /^\t(?:mod|dep)\tgo\.etcd\.io\/etcd\/server\/v3\tv([\d.]+)\t/m.exec(stdout)?.[1];
  const [, goVersion = '', experiments] = /: go([\d.]+)(?:[ -]X:(\S+))?$/m.exec(stdout) ?? [];
  return {
    file: path,
    goVersion,
    experiments: (experiments ?? setting('GOEXPERIMENT') ?? '').split(',').filter(Boolean),
    ...(release !== undefined && { etcdVersion: release }),
    ...(godebug !== undefined && { defaultGodebug: godebug }),
    ...(fips !== undefined && { fips140: fips }),
  };
}

/** Milliseconds: a release that is not there yet is fetched or built. */
const toFetch = 900_000;

// Debian's with Go 1.15, which points to its texts, and with Go 1.24; and one built from modules.
test.each(['3.3.25', '3.4.23', '3.5.16', '3.5.30', '3.6'])(
  'etcd %s says how it was built, as `go version -m` reads it',
  async (release) => {
    const { etcd } = await etcdBinaries(release);

    expect(readBinary(etcd)).toEqual(await asGoSays(etcd));
  },
  toFetch,
);

const program = 'package main\n\nfunc main() { println("etcd") }\n';

// The first build for a platform compiles the whole standard library.
describe('a program built with', { timeout: 300_000 }, () => {
  test.each([
    { GOOS: 'darwin', GOARCH: 'arm64' },
    { GOOS: 'linux', GOARCH: '386' },
    { GOOS: 'linux', GOARCH: 's390x' },
    { GOOS: 'linux', GOARCH: 'amd64', GOFIPS140: 'latest' },
    { GOOS: 'linux', GOARCH: 'amd64', GOEXPERIMENT: 'boringcrypto' },
  ])('%j', async (environment) => {
    await using directory = await directoryWith({
      'main.go': program,
      'go.mod': 'module example.test/etcd\n\ngo 1.21\n',
    });
    await callGo(['build', '-o', 'etcd', '.'], {
      cwd: directory.path,
      environment: { GOFLAGS: '', GOWORK: 'off', CGO_ENABLED: '0', ...environment },
    });

    const build = readBinary(directory.at('etcd'));

    expect(build).toEqual(await asGoSays(directory.at('etcd')));
    expect(build.defaultGodebug).toContain('tlsrsakex=1');
  });
});

test('a file that no Go built is refused, and a damaged one gives nothing or what it says', async () => {
  await using directory = await directoryWith({ script: '#!/bin/sh\nexec etcd\n', empty: '' });
  const { etcd } = await etcdBinaries();
  const whole = new Uint8Array(await readFile(etcd));

  expect(() => readBinary(directory.at('script'))).toThrow(/no Go build information/);
  expect(() => readBinary(directory.at('empty'))).toThrow(/no Go build information/);
  expect(() => readBinary(directory.path)).toThrow(/is a directory/);
  const lengths = [0, 3, 16, 63, 64, 100, 1000, whole.length >> 1];
  const cut = lengths.map((length) => read(whole.subarray(0, length)));

  expect([...cut, ...damaged(whole)].filter((texts) => texts?.startsWith('go') === false)).toEqual(
    [],
  );
});

/** Every byte of the headers in turn: sizes and places become anything. */
function damaged(whole: Uint8Array) {
  return Array.from({ length: 700 }, (_, at) => at).flatMap((at) =>
    [0, 0x7f, 0xff].map((value) => {
      const kept = whole[at] ?? 0;
      whole[at] = value;
      const texts = read(whole);
      whole[at] = kept;
      return texts;
    }),
  );
}

function read(bytes: Uint8Array): string | undefined {
  const texts = readBuildTexts({
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + Math.min(length, 1024 * 1024)),
  });
  return texts?.goVersion;
}

test(
  'members are judged by the program that was given',
  async () => {
    const { etcd, goVersion } = await etcdBinaries('3.5.16');
    await using directory = await directoryWith({
      'etcd.env': 'ETCD_NAME=n1\nETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379\n',
    });

    const { facts } = await deploy({ paths: [directory.path], maps: [], etcdBinary: etcd });
    const [member] = facts.members ?? [];
    const go = member && goOf(member);

    expect(member?.goVersion.value).toBe(goVersion);
    expect(go).toMatchObject({ acceptsSmallRsaKeys: true, offersRsaKeyExchange: true });
    expect(go).toMatchObject({ offersTripleDes: true, acceptsNegativeSerials: true });
    expect(go).not.toHaveProperty('signsWithSha1');
  },
  toFetch,
);
