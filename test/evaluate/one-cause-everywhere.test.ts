import { expect, test } from 'vitest';
import { judgeDeployment } from '../../src/audit.ts';
import { catalogue } from '../../src/checks/index.ts';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import type { About } from '../../src/model/about.ts';
import type { Deployment } from '../../src/model/deployment.ts';
import { severityOf } from '../../src/model/finding.ts';
import { type Edge, isRefused } from '../../src/model/forecast.ts';
import type { Client } from '../../src/model/inventory.ts';
import type { Result } from '../../src/model/report.ts';
import { isAtLeast } from '../../src/model/severity.ts';
import { faults, withFault } from '../../testcluster/faults/index.ts';
import { nodesOf } from '../../testcluster/nodes.ts';
import { deployedDirectory, planOf } from '../../testcluster/plan.ts';
import { certificatesIn, writePlan } from '../../testcluster/write-plan.ts';
import { client, edge, set } from '../fixtures/builders.ts';
import { fixtures } from '../fixtures/index.ts';
import { directoryWith } from '../support/directory.ts';
import { resultsOn } from '../support/verdicts.ts';

const sound = planOf({
  runtime: 'netns',
  settings: 'fixed',
  keys: 'ecdsa',
  nodes: nodesOf('netns'),
});

/** A judged set of facts, and how it is judged with less of the catalogue or with one more client. */
interface Case {
  readonly edges: readonly Edge[];
  readonly results: readonly Result[];
  readonly without: (id: string) => Pick<Case, 'edges' | 'results'>;
  readonly withClient: (broken: Client) => readonly Result[];
}

test.each(faults)('$name: no refusal is hidden, no finding lost', async (fault) => {
  await using directory = await directoryWith({});
  await writePlan(withFault(sound, fault), directory.path);
  const maps = [{ prefix: deployedDirectory, directory: certificatesIn(directory.path) }];
  const request = { paths: [directory.path], maps, etcdVersion: fault.since ?? '3.5.30' };
  const deployment = deploymentOf(await collect(request), request);
  const { facts } = deployment;
  const judged: Case = {
    ...judge(deployment),
    without: (id) => judge(deployment, id),
    withClient: (broken) =>
      judge({ ...deployment, facts: { ...facts, clients: [...(facts.clients ?? []), broken] } })
        .results,
  };
  const [url] = facts.members?.[0]?.settings.advertiseClientUrls.value ?? [];

  expect(problemsOf(judged, url)).toEqual([]);
});

test.each(Object.entries(fixtures))(
  '%s: no refusal is hidden, no finding lost',
  (_, { broken }) => {
    const { forecast: edges = [], clients = [] } = broken;
    const judged: Case = {
      edges,
      results: resultsOn(catalogue, broken),
      without: (id) => ({
        edges,
        results: resultsOn(
          catalogue.filter((entry) => entry.id !== id),
          broken,
        ),
      }),
      withClient: (another) => {
        const refused = edge({
          edge: 'client',
          from: another.name,
          to: another.endpoints.value[0] ?? '',
          port: 'client',
          outcome: 'refused',
          refusedBy: 'server',
          rule: 'tls.no-client-certificate',
        });
        return resultsOn(catalogue, {
          ...broken,
          clients: [...clients, another],
          ...(broken.forecast && { forecast: [...edges, refused] }),
        });
      },
    };

    expect(problemsOf(judged)).toEqual([]);
  },
);

/** What is hidden or lost; nothing in a sound engine. */
function problemsOf(judged: Case, url: string = 'https://10.0.0.1:2379'): readonly string[] {
  return [
    ...unreported(judged),
    ...hiddenBySome(judged),
    ...brokenClients(url).flatMap((broken) => lost(judged.results, judged.withClient(broken))),
  ];
}

function judge(deployment: Deployment, skipped?: string): Pick<Case, 'edges' | 'results'> {
  const report = judgeDeployment(deployment, { selects: ({ id }) => id !== skipped });
  return { edges: report.forecast, results: report.results };
}

/** Clients that are broken in themselves, whatever the cluster is like. */
function brokenClients(url: string): readonly Client[] {
  const { certFile: _certificate, keyFile: _key, ...bare } = named('bare', url);
  return [
    bare,
    named('plain', url.replace('https:', 'http:')),
    named('astray', 'https://no-such-host.example:2379'),
  ];
}

function named(name: string, url: string): Client {
  return client({ name, target: { kind: 'client', name }, endpoints: set([url]) });
}

/** Connections that fail although they are needed, and that no failure about the same thing names. */
function unreported({ edges, results }: Pick<Case, 'edges' | 'results'>): readonly string[] {
  const failing = results.filter(({ verdict }) => verdict.status === 'fail');
  return edges
    .filter(isRefused)
    .filter(({ target, about = [{ kind: 'edge', edge: target.name }] }) => {
      const isShared = (one: About): boolean => about.some((each) => isSame(one, each));
      return !failing.some(
        ({ verdict, folded, target: { name } }) =>
          verdict.status === 'fail' &&
          (folded?.includes(target.name) ?? (name === target.name || name.endsWith(' gateway'))) &&
          verdict.about?.some(isShared),
      );
    })
    .map(({ target }) => target.name);
}

function isSame(one: About, other: About): boolean {
  if (one.kind === 'certificate' && other.kind === 'certificate') {
    return one.sha256 === other.sha256 && (one.name === undefined || one.name === other.name);
  }
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Takes away each check that has connections folded into it: they turn up elsewhere, as grave as before. */
function hiddenBySome({ results, without }: Case): readonly string[] {
  const folding = results.filter(({ folded = [] }) => folded.length > 0);
  return [...new Set(folding.map(({ check }) => check.id))].flatMap((id) => {
    const rest = without(id);
    const isNeeded = folding
      .filter(({ check }) => check.id === id)
      .some(({ folded = [] }) => folded.some((name) => !name.includes(' to itself (')));
    const passes = isNeeded && !rest.results.some(isHigh) ? [`passes without ${id}`] : [];
    return [...unreported(rest), ...passes];
  });
}

function isHigh(result: Result): boolean {
  return result.verdict.status === 'fail' && isAtLeast(severityOf(result), 'high');
}

/** Failures that are gone or count less. */
function lost(before: readonly Result[], after: readonly Result[]): readonly string[] {
  const still = new Map(
    after.filter(({ verdict }) => verdict.status === 'fail').map((each) => [keyOf(each), each]),
  );
  return before
    .filter((result) => {
      const now = still.get(keyOf(result));
      return (
        result.verdict.status === 'fail' &&
        (now === undefined || !isAtLeast(severityOf(now), severityOf(result)))
      );
    })
    .map(keyOf);
}

function keyOf({ check, target }: Result): string {
  return `${check.id} at ${target.name}`;
}
