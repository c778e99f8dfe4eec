import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judge } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { probePlan } from '../../src/deployment/probe-plan.ts';
import type { PlannedEndpoint } from '../../src/model/probe-plan.ts';
import { issueAuthority } from '../support/pki.ts';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-alone-'));
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  const leaf = await authority.issue({
    commonName: 'node1',
    hosts: ['192.0.2.1', '127.0.0.1', 'localhost'],
    usages: ['serverAuth', 'clientAuth'],
  });
  await writeFile(join(directory, 'ca.pem'), authority.certificatePem);
  await writeFile(join(directory, 'node1.pem'), leaf.certificatePem);
  await writeFile(join(directory, 'node1-key.pem'), leaf.privateKeyPem, { mode: 0o600 });
});

afterAll(async () => rm(directory, { recursive: true }));

/** Certificates alone, and an endpoint to which no connection came about. */
async function judged(endpoints: readonly string[]) {
  const evidence = await collect({ paths: [directory], maps: [] });
  const request = { you: { endpoints } };
  const planned = probePlan(deploymentOf(evidence, request), []).endpoints.filter(
    ({ serves }) => serves === 'client',
  );
  const facts = { ...evidence.facts, endpoints: planned.map(unreachable), admissions: [] };
  const { results, verdict } = judge({ ...evidence, facts }, request);
  return {
    verdict: verdict.status,
    reached: results
      .filter(({ check }) => check.id === 'endpoint-unreachable')
      .map(({ verdict: { status }, target }) => [target.name, status]),
  };
}

function unreachable({ url, assumed }: PlannedEndpoint) {
  const failed = {
    name: 'connect',
    outcome: 'failed',
    milliseconds: 1,
    code: 'ECONNREFUSED',
  } as const;
  return {
    url,
    ...(assumed && { assumed }),
    addresses: ['192.0.2.1'],
    stages: [failed],
    speaks: 'unreachable' as const,
  };
}

test('an endpoint that was given and does not answer is a finding', async () => {
  expect(await judged(['https://192.0.2.1:2379'])).toEqual({
    verdict: 'fail',
    reached: [['https://192.0.2.1:2379', 'fail']],
  });
});

test('an endpoint made of the address in a certificate is an open question', async () => {
  expect(await judged([])).toEqual({
    verdict: 'incomplete',
    reached: [['https://192.0.2.1:2379', 'inconclusive']],
  });
});

test('a headline names the members of the member list that were not connected to', async () => {
  const evidence = await collect({ paths: [directory], maps: [] });
  const url = 'https://192.0.2.1:2379';
  const members = ['1', '3', '2'].map((id) => ({
    id,
    name: `node${id}`,
    peerUrls: [`https://192.0.2.${id}:2380`],
    clientUrls: [`https://192.0.2.${id}:2379`],
    isLearner: false,
  }));
  const answered = { url, addresses: ['192.0.2.1'], stages: [], speaks: 'tls' as const };
  const list = { url, through: 'grpc', outcome: 'answered', milliseconds: 1, members } as const;
  const notCovered = (listed: typeof members) => {
    const facts = {
      ...evidence.facts,
      endpoints: [answered],
      memberLists: [{ ...list, members: listed }],
    };
    const { verdict } = judge({ ...evidence, facts }, { you: { endpoints: [url] } });
    return verdict.assumptions.flatMap((each) => each.notCovered ?? []);
  };

  expect(notCovered(members)).toEqual(['node2 and node3 were not connected to']);
  expect(notCovered(members.slice(0, 1))).toEqual([]);
});
