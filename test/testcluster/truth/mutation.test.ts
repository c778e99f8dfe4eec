import { beforeAll, expect, test } from 'vitest';
import type { Edge } from '../../../src/model/forecast.ts';
import { etcdBinaries } from '../../../testcluster/etcd-binaries.ts';
import { faultNamed } from '../../../testcluster/faults/index.ts';
import { blamable } from '../../../testcluster/truth/blamable.ts';
import { compare } from '../../../testcluster/truth/compare.ts';
import { explained, listedDoubts } from '../../../testcluster/truth/explained.ts';
import { complaints, type FaultResult } from '../../../testcluster/truth/judge-run.ts';
import type { Observation } from '../../../testcluster/truth/observation.ts';
import { predict } from '../../../testcluster/truth/predict.ts';
import { tryFault } from '../../../testcluster/truth/trial.ts';
import { certificatesIn } from '../../../testcluster/write-plan.ts';
import { isMissing } from '../../support/missing.ts';
import { skipWithout } from '../../support/skip-without.ts';

const needed = ['etcd', 'network', 'go'] as const;

skipWithout(...needed);

/** One for each way in which a connection is refused, and one that is open to strangers. */
const sample = [
  'expired-server',
  'foreign-client',
  'encrypted-key',
  'client-authentication-off',
  'peer-without-client-auth',
  'client-without-key',
].flatMap((name) => faultNamed(name) ?? []);

interface Trial {
  readonly fault: (typeof sample)[number];
  readonly version: string;
  readonly goVersion: string;
  readonly forecast: readonly Edge[];
  readonly observations: readonly Observation[];
  /** Edges with file names that the forecast may blame, read while the set was there. */
  readonly isBlamable: (blame: Edge['blame']) => boolean;
}

const trials: Trial[] = [];

beforeAll(async () => {
  if (needed.some(isMissing)) return;
  const binaries = await etcdBinaries();
  for (const fault of sample) {
    let forecast: readonly Edge[] = [];
    const wasBlamable = new Map<string | undefined, boolean>();
    const observations = await tryFault(fault, binaries, async (set) => {
      forecast = await predict(set, certificatesIn(set), binaries);
      for (const blame of [undefined, ...forecast.map((edge) => edge.blame)]) {
        wasBlamable.set(JSON.stringify(blame), blamable(fault)(blame));
      }
    });
    trials.push({
      fault,
      version: binaries.version,
      goVersion: binaries.goVersion,
      forecast,
      observations,
      isBlamable: (blame) => wasBlamable.get(JSON.stringify(blame)) ?? false,
    });
  }
}, 120_000);

function judged(mutate: (edges: readonly Edge[]) => readonly Edge[]): readonly string[] {
  const rows = trials.map(
    ({ fault, version, goVersion, forecast, observations, isBlamable }): FaultResult => {
      const comparisons = compare(mutate(forecast), observations, { isBlamable });
      return { fault: fault.name, what: fault.what, version, goVersion, comparisons };
    },
  );
  return complaints(rows, explained, listedDoubts);
}

test('the sample is there, and the forecast as it is passes', () => {
  expect(trials).toHaveLength(6);
  expect(judged((edges) => edges)).toEqual([]);
});

const everywhere =
  (change: (edge: Edge) => Edge) =>
  (edges: readonly Edge[]): readonly Edge[] =>
    edges.map(change);

function without(edge: Edge, ...names: readonly (keyof Edge)[]): Edge {
  const kept = Object.entries(edge).filter(([name]) => !names.some((each) => each === name));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only optional properties are taken away
  return Object.fromEntries(kept) as unknown as Edge;
}

const isRefused = ({ outcome }: Edge): boolean => outcome === 'refused';

test.each<{ spoilt: string; mutate: (edges: readonly Edge[]) => readonly Edge[] }>([
  { spoilt: 'no refusing side', mutate: everywhere((edge) => without(edge, 'refusedBy')) },
  { spoilt: 'no client texts', mutate: everywhere((edge) => without(edge, 'clientError')) },
  { spoilt: 'no server texts', mutate: everywhere((edge) => without(edge, 'serverError')) },
  {
    spoilt: 'no texts at all',
    mutate: everywhere((edge) => without(edge, 'clientError', 'serverError')),
  },
  {
    spoilt: 'everything not sure',
    mutate: everywhere((edge) => ({ ...edge, outcome: 'not-sure', dependsOn: ['the weather'] })),
  },
  {
    spoilt: 'everything not sure for a listed reason',
    mutate: everywhere((edge) => ({
      ...edge,
      outcome: 'not-sure',
      dependsOn: ['node1 having had a quorum since it started'],
    })),
  },
  { spoilt: 'no edges', mutate: () => [] },
  {
    spoilt: 'invented edges',
    mutate: (edges) => [...edges, ...edges.map((edge) => ({ ...edge, from: 'somebody' }))],
  },
  { spoilt: 'every edge twice', mutate: (edges) => [...edges, ...edges] },
  { spoilt: 'every other edge left out', mutate: (edges) => edges.filter((_, index) => index % 2) },
  {
    spoilt: 'the opposite outcome',
    mutate: everywhere((edge) => ({ ...edge, outcome: isRefused(edge) ? 'accepted' : 'refused' })),
  },
  {
    spoilt: 'the other side',
    mutate: everywhere((edge) => ({
      ...edge,
      ...(isRefused(edge) && { refusedBy: edge.refusedBy === 'client' ? 'server' : 'client' }),
    })),
  },
  {
    spoilt: 'another rule',
    mutate: everywhere((edge) => ({ ...edge, rule: 'x509.path-length' })),
  },
  {
    spoilt: 'another rule of the same kind',
    mutate: everywhere((edge) => ({ ...edge, rule: 'etcd.refused-at-start' })),
  },
  {
    spoilt: 'anonymous for mutual TLS',
    mutate: everywhere((edge) => ({
      ...edge,
      ...(!isRefused(edge) && { rule: 'etcd.anonymous' }),
    })),
  },
  { spoilt: 'no blame', mutate: everywhere((edge) => without(edge, 'blame')) },
  {
    spoilt: 'another blame',
    mutate: everywhere((edge) => ({ ...edge, blame: { file: 'somewhere/else.pem' } })),
  },
  { spoilt: 'another member', mutate: everywhere((edge) => ({ ...edge, member: 'node9' })) },
  {
    spoilt: 'texts of the other side',
    mutate: everywhere((edge) => ({
      ...without(edge, 'clientError', 'serverError'),
      ...(edge.serverError !== undefined && { clientError: edge.serverError }),
      ...(edge.clientError !== undefined && { serverError: edge.clientError }),
    })),
  },
])('a forecast with $spoilt does not pass', ({ mutate }) => {
  expect(judged(mutate)).not.toEqual([]);
});
