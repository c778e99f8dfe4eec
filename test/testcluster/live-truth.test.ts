import { expect, test } from 'vitest';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { judgeExplain, judgeVerify } from '../../testcluster/live/page.ts';
import { tryLive } from '../../testcluster/live/trial.ts';
import { liveFaults } from '../../testcluster/live-faults/index.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd', 'network', 'openssl');

const sample = ['healthy', 'slow-drip', 'half-replaced-pair', 'stale-authority-in-memory'];

test.each(liveFaults.filter(({ name }) => sample.includes(name)))(
  'Where $what, verify and explain name that and nothing else',
  { timeout: 60_000 },
  async (fault) => {
    const row = await tryLive(fault, await etcdBinaries());

    const right = { isRight: true, others: [] };
    expect({ ...row, verify: judgeVerify(row), explain: judgeExplain(row) }).toMatchObject({
      verify: right,
      explain: right,
    });
  },
);
