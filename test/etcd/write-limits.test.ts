import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';
import { reservePorts } from '../../testcluster/ports.ts';
import { directoryWith } from '../support/directory.ts';
import { etcdReleases } from '../support/etcd-releases.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

/** Limits, each with whether a transaction gets through. */
const limits = [
  ['max-request-bytes=0', false],
  ['max-request-bytes=16', false],
  ['max-request-bytes=4096', true],
  ['quota-backend-bytes=8192', false],
  ['quota-backend-bytes=16384', false],
  ['quota-backend-bytes=-1', true],
  ['quota-backend-bytes=10485760', true],
  ['max-txn-ops=0', false],
  ['max-txn-ops=1', true],
] as const;

/** What the program says about a member with this flag. */
function predicted(flags: readonly string[], version: string): readonly string[] {
  const sources = [{ kind: 'flags', arguments: flags.map((text) => ({ text })) }] as const;
  const { problems } = readMemberSettings(sources, etcdVersion(version));
  return problems.flatMap(({ kind, etcdSays }) => (kind === 'rejects-writes' && etcdSays) || []);
}

interface Programs {
  readonly etcd: string;
  readonly etcdctl: string;
}

const isAnswer =
  /failed to publish|SUCCESS|request is too large|space exceeded|too many operations/;

/** All that etcd and etcdctl print until a transaction is answered, or the member cannot publish itself. */
async function observed(
  { etcd, etcdctl }: Programs,
  flags: readonly string[],
  endpoint: string,
): Promise<string> {
  await using directory = await directoryWith({});
  const member = spawn(etcd, [...flags, `--data-dir=${directory.path}/data`]);
  const ended = once(member, 'close');
  let output = '';
  for (const stream of [member.stdout, member.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      // It tries again at once, without end.
      if (output.includes('failed to publish')) member.kill('SIGKILL');
    });
  }
  for (let attempt = 0; attempt < 15 && !isAnswer.test(output); attempt += 1) {
    const said = await transact(etcdctl, endpoint);
    output += said;
  }
  member.kill('SIGKILL');
  await ended;
  return output;
}

async function transact(etcdctl: string, endpoint: string): Promise<string> {
  const words = [`--endpoints=${endpoint}`, '--dial-timeout=1s', '--command-timeout=1s', 'txn'];
  const client = spawn(etcdctl, words, {
    env: { ETCDCTL_API: '3' },
    timeout: 3000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [client.stdout, client.stderr]) {
    stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  }
  client.stdin.end('mod("a") = "0"\n\nput a b\n\nput a b\n\n');
  await once(client, 'close');
  return output;
}

describe.each(etcdReleases)('etcd $version', (release) => {
  test.each(limits)('--%s', async (limit, isEnough) => {
    const [client, peer] = (await reservePorts(2)).map((port) => `http://127.0.0.1:${port}`);
    if (client === undefined || peer === undefined) throw new Error('no ports');
    const flags = [
      '--name=n1',
      ...['listen', 'advertise'].map((verb) => `--${verb}-client-urls=${client}`),
      ...['listen-peer', 'initial-advertise-peer'].map((kind) => `--${kind}-urls=${peer}`),
      `--initial-cluster=n1=${peer}`,
      `--${limit}`,
    ];

    const [says = 'SUCCESS', ...others] = predicted(flags, release.version);
    expect([says === 'SUCCESS', others]).toEqual([isEnough, []]);
    expect(await observed(release, flags, client)).toContain(says);
  });
});

function flagsWith(bytes: number, name: string): readonly string[] {
  return [
    `--name=${name}`,
    '--advertise-client-urls=https://10.0.0.1:2379',
    `--max-request-bytes=${bytes}`,
  ];
}

test('a member of 3.6 publishes its name and URLs in one request, which older ones do not limit', () => {
  const publication = ['failed to publish local member to cluster through raft'];

  expect(predicted(flagsWith(50, 'n1'), '3.6.0')).toEqual(publication);
  expect(predicted(flagsWith(50, 'n1'), '3.5.30')).toEqual([]);
  expect(predicted(flagsWith(100, 'n1'), '3.6.0')).toEqual([]);
  expect(predicted(flagsWith(100, 'n'.repeat(80)), '3.6.0')).toEqual(publication);
});
