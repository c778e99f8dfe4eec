import { describe, expect, test } from 'vitest';
import { flagTable } from '../../src/etcd/flag-table.ts';
import { flagNamed, knows } from '../../src/etcd/flags.ts';
import { etcdVersion } from '../../src/etcd/version.ts';
import { run } from '../../testcluster/run.ts';
import { etcdReleases } from '../support/etcd-releases.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

/** `ETCD_CONFIG_FILE` makes etcd pass over every other variable, and `ETCD_VERSION` is dropped before they are read. */
const names = flagTable
  .map(([name]) => name)
  .filter((name) => !['config-file', 'version'].includes(name));

/** No value that a boolean may have: etcd reads all variables, reports those it lacks, and ends. */
const variables = names.map(variableOf);

describe.each(etcdReleases)('etcd $name', ({ etcd, version }) => {
  test('the table has every flag that --help lists, but for those that do not exist', async () => {
    const { stdout, stderr } = await run(etcd, ['--help']);

    const listed = [...`${stdout}${stderr}`.matchAll(/^\s*--([a-z][a-z0-9-]*)/gm)].map(
      ([, name = '']) => name,
    );

    expect(listed.length).toBeGreaterThan(60);
    const missing = listed.filter((name) => !isKnown(name, version));
    const said = await Promise.all(missing.map((name) => run(etcd, [`--${name}=1`])));
    expect(said.map((ended) => `${ended.stdout}${ended.stderr}`.split('\n')[0])).toEqual(
      missing.map((name) => `flag provided but not defined: -${name}`),
    );
  });

  test('the variables that it does not recognize are those that the table says it lacks', async () => {
    const environment = Object.fromEntries(variables.map((variable) => [variable, '?']));
    const { code, stdout, stderr } = await run(etcd, [], { environment });
    const output = `${stdout}${stderr}`;

    const unknown = output.matchAll(/unrecognized environment variable\W.*?(ETCD_[A-Z0-9_]+)=/g);
    const lacking = names.filter((name) => !isKnown(name, version)).map(variableOf);
    expect(code).not.toBe(0);
    expect(new Set([...unknown].map(([, variable]) => variable))).toEqual(new Set(lacking));
  });
});

function isKnown(name: string, version: string): boolean {
  const flag = flagNamed(name);
  return flag !== undefined && knows(etcdVersion(version), flag);
}

function variableOf(name: string): string {
  return `ETCD_${name.toUpperCase().replaceAll('-', '_')}`;
}
