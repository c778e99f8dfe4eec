import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge, look } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../src/collect/evidence-file.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { mergeEvidence } from '../../src/deployment/merge-evidence.ts';
import type { DeploymentRequest } from '../../src/model/deployment.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { directoryWith } from '../support/directory.ts';
import { writeSets } from '../support/sets.ts';
import { splitByMember } from '../support/split-evidence.ts';

const found = '../shared/found/sets/inputs';

test.each([
  { option: '--at', request: { at: '2040-01-01T00:00:00.000Z' } },
  { option: '--etcd-version', request: { etcdVersion: '3.3.27' } },
  { option: '--go-version', request: { etcdVersion: '3.6.4', goVersion: '1.12' } },
  {
    option: '--resolve',
    request: { resolve: [{ name: '10.104.100.236', address: 'etcd-0.lab' }] },
  },
])('$option means the same for saved evidence as for the files', async ({ request }) => {
  await using sets = await writeSets();
  const files = { paths: [sets.seed], maps: [] };

  const direct = judge(await look({ ...files, ...request }), request);
  const saved = judge(through(await look(files)), request);
  const without = judge(through(await look(files)));

  expect(findingsOf(saved)).toEqual(findingsOf(direct));
  expect(saved.forecast).toEqual(direct.forecast);
  expect(JSON.stringify(saved.facts)).toBe(JSON.stringify(direct.facts));
  expect(JSON.stringify([without.facts, without.collectedAt])).not.toBe(
    JSON.stringify([saved.facts, saved.collectedAt]),
  );
});

test('--map means the same for saved evidence as for the files', async () => {
  await using set = await directoryWith({});
  await writeCertSet(set.path, { settings: 'fixed' });
  const request: DeploymentRequest = {
    maps: [{ prefix: '/etc/ssl/certs/etcd', directory: set.path }],
  };
  const evidence = await collect({ paths: [set.path], maps: [] });

  const mapped = deploymentOf(through(evidence), request);
  const direct = deploymentOf(evidence, request);

  expect(mapped).toEqual(direct);
  expect(mapped.facts.members?.[0]?.files).not.toEqual(
    deploymentOf(evidence).facts.members?.[0]?.files,
  );
});

test('evidence of several hosts gives the verdict of all files together', async () => {
  await using sets = await writeSets();
  for (const set of [sets.seed, sets.fixed]) {
    const together = await collect({ paths: [set], maps: [] });
    const apart = splitByMember(together).map(through);

    expect(apart.length).toBe(4);
    expect(findingsOf(judge(mergeEvidence(apart)))).toEqual(findingsOf(judge(together)));
  }
});

const isHere = existsSync(found);
const layouts = isHere ? readdirSync(found) : ['any layout'];
if (!isHere) process.stderr.write(`skipped: ${found} is not here\n`);

test.skipIf(!isHere).each(layouts.filter((name) => name !== 'easyrsa'))(
  'the files of %s, taken from each host, give the verdict that they give together',
  async (layout) => {
    const together = await collect({ paths: [join(found, layout)], maps: [] });
    const merged = mergeEvidence(splitByMember(together).map(through));

    expect(namesOf(merged)).toEqual(namesOf(together));
    expect(findingsOf(judge(merged))).toEqual(findingsOf(judge(together)));
  },
);

test('the same file of one host with other content is refused', async () => {
  await using sets = await writeSets();
  const evidence = { ...(await collect({ paths: [sets.seed], maps: [] })), host: 'node1' };
  const [first, ...others] = evidence.facts.files ?? [];
  if (first === undefined) throw new Error('the set has no file');
  const differing = { ...evidence.facts, files: [{ ...first, blocks: [] }, ...others] };

  expect(mergeEvidence([evidence, evidence]).facts.files).toEqual(evidence.facts.files);
  expect(() => mergeEvidence([evidence, { ...evidence, facts: differing }])).toThrow(
    'was given twice, with different content',
  );
});

test('the moment judged is that of the latest collection', async () => {
  const older = { collectedAt: '2026-01-01T00:00:00.000Z', facts: {}, gaps: {} };
  const newer = { collectedAt: '2026-03-01T00:00:00.000Z', host: 'b', facts: {}, gaps: {} };

  expect(mergeEvidence([newer, older]).collectedAt).toBe(newer.collectedAt);
});

const told = (host: string, writeAheadLogs?: readonly string[]): Evidence => ({
  collectedAt: '2026-01-01T00:00:00.000Z',
  host,
  facts: writeAheadLogs === undefined ? {} : { writeAheadLogs },
  gaps: {},
});
const logs = (...all: readonly Evidence[]) => mergeEvidence(all).facts.writeAheadLogs;

test('write-ahead logs are known only where every collection says which there are', () => {
  expect(logs(told('a', ['one']), told('b', ['two']))).toEqual(['one', 'two']);
  expect(logs(told('a', ['one']), told('b', []))).toEqual(['one']);
  expect(logs(told('a', ['one']), told('b'))).toBeUndefined();
});

/** As it comes out of the file it was saved to. */
function through(evidence: Evidence): Evidence {
  return parseEvidence(serializeEvidence(evidence), 'evidence.json');
}

function namesOf(evidence: Evidence) {
  const { members = [], clients = [] } = deploymentOf(evidence).facts;
  return { members: members.map(({ name }) => name), clients: clients.map(({ name }) => name) };
}

/** What is not well, each once, by the names that everything has on its own host. */
function findingsOf({ results }: ReturnType<typeof judge>): readonly string[] {
  const lines = results
    .filter(({ verdict: { status } }) => status !== 'pass' && status !== 'not-applicable')
    .map(({ check, target, verdict }) => {
      // Lists of files come in the order of the files.
      const { actual: _actual, ...said } = { actual: '', ...verdict };
      return JSON.stringify([check.id, target.name, said]);
    })
    .map((line) => line.replaceAll(/(?<![\w.:-])[\w.-]+:(?=\/|\.\.?\/|secret\/)/g, ''));
  return [...new Set(lines)].toSorted();
}
