import { endpointName } from '../../../src/model/live.ts';
import { expect, test } from 'vitest';
import { tls12Accepted } from '../../../src/checks/strength/tls-1-2-accepted.ts';
import { weakCipherSuite } from '../../../src/checks/strength/weak-cipher-suite.ts';
import { observe } from '../support/observe.ts';
import type { DeployedLiveFacts } from '../../../src/schema/live.ts';
import type { Member } from '../../../src/model/inventory.ts';
import { containing } from '../../support/containing.ts';
import { aMember, set } from '../../support/facts.ts';
import { verdicts } from '../../support/verdicts.ts';
import { isMissing } from '../../support/missing.ts';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.ts';
import { deployed } from '../../support/seen.ts';

test.skipIf(isMissing('etcd'))(
  'the suites that a finding tells to set are the end of it, and etcd starts with them',
  async () => {
    const before = await offersOf([]);
    const member = ofVersion(versionOf(before));
    const found = verdicts(weakCipherSuite, { ...before, members: [member] });
    const fixes = found.flatMap((verdict) => ('fix' in verdict ? (verdict.fix ?? []) : []));
    const [, setting] = /`(--cipher-suites=[^`]+)`/.exec(fixes[0] ?? '') ?? [];

    const after = await offersOf([setting ?? 'no setting was told']);

    expect(found).toMatchObject([{ status: 'fail' }, { status: 'fail' }]);
    expect(verdicts(weakCipherSuite, { ...after, members: [member] })).toMatchObject([
      { status: 'pass' },
      { status: 'pass' },
    ]);
    const suites = after.offers.flatMap(({ cipherSuites }) =>
      cipherSuites.filter(({ tlsVersion }) => tlsVersion === '1.2').map(({ name }) => name),
    );
    expect([...new Set(suites)].toSorted()).toEqual(setting?.split(/[=,]/).slice(1).toSorted());
  },
);

test('what a release cannot be set to is not told to set', () => {
  expect(fixFor('3.4.23')).toMatchObject([{ fix: containing('3.4.23 has no') }]);
  expect(fixFor('3.5.8')[0]).not.toHaveProperty('fix');
});

function fixFor(version: string) {
  return verdicts(tls12Accepted, { offers: [offered], members: [ofVersion(version)] });
}

const url = 'https://127.0.0.1:2379';
const offered = {
  target: { kind: 'endpoint', name: url },
  endpoint: {
    url: endpointName(url),
    scheme: 'https',
    host: '127.0.0.1',
    port: 2379,
    serves: 'client',
    member: 'm1',
  },
  asked: 'all',
  versions: ['1.2', '1.3'],
  cipherSuites: [],
  groups: [],
  signatureAlgorithms: [],
  alpn: [],
  resumption: {},
  connections: 1,
  milliseconds: 1,
} as const;

async function offersOf(flags: readonly string[]): Promise<DeployedLiveFacts> {
  await using etcd = await startEtcd({ flags });
  const { gaps: _gaps, ...facts } = await observe(requestOf(etcd));
  return deployed(facts, [etcd.client, etcd.peer]);
}

function requestOf(etcd: RunningEtcd) {
  const [certificateFile, keyFile] = [etcd.file('client'), etcd.file('client-key')];
  return {
    endpoints: [etcd.client, etcd.peer],
    credentials: { client: { owner: 'client', certificateFile, keyFile }, members: [] },
    timeoutMs: 20_000,
    concurrency: 32,
    negativeProbes: false,
    survey: true,
  };
}

function ofVersion(version: string): Member {
  return aMember({ name: 'm1', member: { etcdVersion: set(version) } });
}

function versionOf({ statuses }: DeployedLiveFacts): string {
  return statuses[0]?.version ?? '';
}
