import { mkdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { isServing, startConfined } from '../support/confined.ts';
import { directoryWith } from '../support/directory.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd', 'accounts');

/** Milliseconds: a release that is not there yet is fetched. */
const timeout = 300_000;

describe.each(['3.4.23', '3.5.16', '3.5.30'])('etcd %s', { timeout }, (release) => {
  test.each([
    { GODEBUG: 'fips140=only' },
    { GODEBUG: 'tlsrsakex=1,fips140=on' },
    { GODEBUG: 'fips140=strict' },
    { GOFIPS140: 'latest' },
  ])('with %j', async (environment: Readonly<Record<string, string>>) => {
    const { etcd, version, goVersion } = await etcdBinaries(release);
    await using directory = await directoryWith({});
    await mkdir(directory.at('data'), { mode: 0o700 });
    const url = 'http://127.0.0.1:0';
    const words = [
      `--data-dir=${directory.at('data')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${url}`,
      `--initial-advertise-peer-urls=${url}`,
      `--initial-cluster=default=${url}`,
    ];

    const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
    const { problems } = readMemberSettings(
      [
        { kind: 'flags', arguments: words.map((text) => ({ text })) },
        { kind: 'environment', variables },
      ],
      etcdVersion(version, goVersion),
    );
    const predicted = problems.flatMap(({ etcdSays }) => etcdSays ?? []);
    const output = await startConfined(etcd, words, {}, environment);

    expect(predicted.filter((text) => !output.includes(text))).toEqual([]);
    expect(isServing(output)).toBe(predicted.length === 0);
  });
});
