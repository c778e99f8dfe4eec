import { expect, test } from 'vitest';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { directoryWith } from '../support/directory.ts';
import { isMissing } from '../support/missing.ts';
import { startEtcd } from '../support/real-start.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd', 'network');

const none = { etcd: '', version: 'none', goVersion: 'none' };
const { etcd, version, goVersion } = isMissing('etcd') ? none : await etcdBinaries();

const hosts = {
  'without a default route': 'ip link set lo up',
  'with a default route': `ip link set lo up
ip link add inside type veth peer name outside
ip address add 10.77.0.6/24 dev inside
ip link set inside up
ip link set outside up
ip route add default via 10.77.0.1`,
};

const onAll = '--listen-peer-urls=http://0.0.0.0:2380';
const member = [onAll, '--name=m1'];

/** On which hosts each of them starts. */
const rows = [
  { words: [onAll], starts: ['without a default route'] },
  { words: member, starts: Object.keys(hosts) },
  {
    words: [...member, '--initial-cluster=m1=http://localhost:2380'],
    starts: ['without a default route'],
  },
  {
    words: [...member, '--initial-cluster=m1=http://10.77.0.6:2380'],
    starts: ['with a default route'],
  },
  { words: [...member, '--initial-cluster=m1=http://10.77.0.6:2390'], starts: [] },
  { words: [...member, '--initial-cluster=m1=https://10.77.0.6:2380'], starts: [] },
];

test.each(rows.map((row) => ({ ...row, title: row.words.join(' ') })))(
  `etcd ${version} with $title starts on hosts as predicted`,
  { timeout: 60_000 },
  async ({ words, starts }) => {
    const seen = await Promise.all(
      Object.entries(hosts).map(async ([host, commands]) => ({
        host,
        ...(await startOn(commands, words)),
      })),
    );
    const { problem, advertised } = predict(words);

    expect(seen.filter(({ status }) => status === 'serves').map(({ host }) => host)).toEqual(
      starts,
    );
    // A host where it starts contradicts a refusal, and one where it does not calls for a question.
    expect(problem?.kind).toBe(expectedKind(starts, advertised));
    for (const { output } of seen.filter(({ status }) => status === 'ended')) {
      expect(output).toContain(problem?.etcdSays ?? '--initial-cluster has');
    }
  },
);

/** Where the cluster lists an address, this is taken for that of the member's default route. */
function expectedKind(starts: readonly string[], advertised: string | undefined) {
  if (starts.length === 0) return 'refused-at-start';
  return starts.length === 1 && advertised !== 'assumed' ? 'refused-on-some-hosts' : undefined;
}

function predict(words: readonly string[]) {
  const { settings, problems } = readMemberSettings(
    [{ kind: 'flags', arguments: words.map((text) => ({ text })) }],
    etcdVersion(version, goVersion),
  );
  const problem = problems.find(({ kind }) => kind.startsWith('refused'));
  return { problem, advertised: settings.initialAdvertisePeerUrls.origin.via };
}

const asRoot = process.getuid?.() === 0 ? [] : ['-U', '-r'];

/** In a network of its own, without root in a user namespace. */
async function startOn(commands: string, words: readonly string[]) {
  await using directory = await directoryWith({});
  const script = `${commands}\nexec "$@"`;
  return await startEtcd(
    'unshare',
    {
      words: [...asRoot, '--net', 'sh', '-ec', script, 'sh', etcd, ...words],
      variables: { PATH: process.env['PATH'] ?? '' },
    },
    directory.path,
  );
}
