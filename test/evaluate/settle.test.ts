import { openReleases } from '../../src/deployment/releases.ts';
import { expect, test } from 'vitest';
import {
  type SettleContext,
  settle,
  settleEdges,
  type Unsettled,
} from '../../src/evaluate/settle.ts';
import {
  decidesTheSame,
  edgesOpenByRelease,
  isPossible,
  keyOf,
  onlyUnderOthers,
  otherReasons,
  resultsOpenByRelease,
  type UnderRelease,
} from '../../src/evaluate/release-range.ts';
import { type Decider, pass as passed } from '../../src/model/check.ts';
import type { Edge } from '../../src/model/forecast.ts';
import type { Target } from '../../src/model/target.ts';
import { aClient, aMember } from '../support/facts.ts';

const failure = { status: 'fail', message: 'something is broken' } as const;
const node1: Target = { kind: 'member', name: 'node1', member: 'node1' };
const supposed = aMember({ member: { known: 'supposed' } });
const guest = aClient({ name: 'guest', known: 'supposed' });

function result(target: Target, verdict: Unsettled['verdict'], decidedBy?: Decider): Unsettled {
  const check = {
    id: 'some-defect',
    title: 'Something is broken',
    severity: 'high',
    rationale: 'It breaks.',
    remediation: 'Fix it.',
    references: [],
    standards: [],
  } as const;
  return { check, target, verdict, ...(decidedBy && { decidedBy }) };
}

const closed = { keys: new Set<string>(), assumption: openReleases({}) };

function settled(one: Unsettled, context: Partial<SettleContext>) {
  const scope = { kind: 'cluster', missing: [], excerpts: [] } as const;
  const [first] = settle([one], {
    facts: {},
    edges: [],
    scope,
    openByRelease: closed,
    ...context,
  });
  return { status: first?.verdict.status, basis: first?.basis, verdict: first?.verdict };
}

test('a finding about a member whose settings were read stands', () => {
  expect(settled(result(node1, failure), { facts: { members: [aMember()] } })).toMatchObject({
    status: 'fail',
    basis: 'stated',
  });
});

test.each([{ verdict: failure }, { verdict: { status: 'pass' } as const }])(
  'what an assumption decided ($verdict.status) is an open question that says what to give',
  ({ verdict }) => {
    const {
      status,
      basis,
      verdict: open,
    } = settled(result(node1, verdict), {
      facts: { members: [supposed] },
    });

    expect({ status, basis }).toEqual({ status: 'inconclusive', basis: 'assumed' });
    expect(open).toMatchObject({
      give: 'give the etcd settings of node1: its unit, environment file, manifest or etcd.conf.yml',
    });
  },
);

test.each([
  { assumedSettings: undefined, because: 'mutual TLS on both ports is assumed' },
  {
    assumedSettings: 'like those of node2',
    because: 'settings like those of node2 are assumed',
  },
])('says what settings are assumed: $because', ({ assumedSettings, because }) => {
  const member = aMember({
    member: { known: 'supposed', ...(assumedSettings !== undefined && { assumedSettings }) },
  });

  expect(settled(result(node1, failure), { facts: { members: [member] } }).verdict).toMatchObject({
    because: `the settings of node1 were not given; ${because}; if so: something is broken`,
  });
});

test('a finding about a file itself stands, whatever role was guessed', () => {
  const file: Target = { kind: 'file', name: 'pki/node1.crt', member: 'node1' };

  expect(settled(result(file, failure, 'file'), { facts: { members: [supposed] } })).toMatchObject({
    status: 'fail',
    basis: 'observed',
  });
});

test.each(['cluster', 'certificates'] as const)(
  'what was seen of a running member stands, whatever was supposed of it (%s)',
  (kind) => {
    const scope = { kind, missing: [], excerpts: [] };
    const port: Target = { kind: 'endpoint', name: 'https://10.0.0.1:2379', member: 'node1' };
    const context = { facts: { members: [supposed] }, scope };

    for (const verdict of [
      failure,
      passed,
      { status: 'inconclusive', because: 'silence' } as const,
    ])
      expect(settled(result(port, verdict, 'observation'), context)).toMatchObject({
        status: verdict.status,
        basis: 'observed',
      });
  },
);

test.each(['cluster', 'certificates'] as const)(
  'the running cluster against what was supposed of it: agreement stands, a difference is asked about (%s)',
  (kind) => {
    const scope = { kind, missing: [], excerpts: [] };
    const port: Target = { kind: 'endpoint', name: 'https://10.0.0.1:2379', member: 'node1' };
    const context = { facts: { members: [supposed] }, scope };
    const stated = { facts: { members: [aMember()] }, scope };

    expect(settled(result(port, passed, 'comparison'), context).status).toBe('pass');
    expect(settled(result(port, failure, 'comparison'), context).status).toBe('inconclusive');
    expect(settled(result(port, failure, 'comparison'), stated).status).toBe('fail');
  },
);

test('ports are out of scope where certificates alone were given; what a guessed role needs is asked', () => {
  const facts = { members: [supposed] };
  const scope = { kind: 'certificates', missing: [], excerpts: [] } as const;
  const file: Target = { kind: 'file', name: 'pki/node1.crt' };

  expect(settled(result(node1, failure), { facts, scope }).status).toBe('not-applicable');
  expect(settled(result(file, failure), { facts, scope }).status).toBe('inconclusive');
  expect(settled(result(file, { status: 'pass' }), { facts, scope }).status).toBe('not-applicable');
});

test('a client supposed from an unused certificate counts for nothing', () => {
  const facts = { members: [aMember()], clients: [guest] };
  const target: Target = { kind: 'client', name: 'guest' };
  const edge = anEdge({ from: 'guest' });

  expect(settled(result(target, failure), { facts }).status).toBe('not-applicable');
  expect(settled(result(edge.target, failure), { facts, edges: [edge] }).status).toBe(
    'not-applicable',
  );
  const stated = { members: [aMember()], clients: [aClient({ name: 'guest' })] };
  expect(settled(result(target, failure), { facts: stated }).status).toBe('fail');
});

test('a file that any stated party uses is not there by assumption', () => {
  const file: Target = { kind: 'file', name: 'pki/ca.crt' };
  const facts = { members: [aMember(), aMember({ name: 'node2', member: { known: 'supposed' } })] };

  expect(settled(result(file, failure), { facts })).toMatchObject({ basis: 'stated' });
});

test('an edge is worth as much as the weaker of its ends', () => {
  const edge = anEdge({ from: 'node1', member: 'node2' });
  const named = aMember({ name: 'node2', member: { known: 'named' } });
  const [first] = settleEdges([edge], { members: [aMember(), named] }, closed);

  expect(first).toMatchObject({ basis: 'assumed', outcome: 'refused' });
});

test('what another release decides otherwise is open, and names the option that closes it', () => {
  const one = result(node1, failure);
  const open = settled(one, {
    facts: { members: [aMember()] },
    openByRelease: { ...closed, keys: new Set([keyOf(one)]) },
  });

  expect(open).toMatchObject({ status: 'inconclusive', basis: 'assumed' });
  expect(open.verdict).toMatchObject({
    give: 'give --etcd-version (and --go-version for a build that is not the official one)',
  });
});

test('releases are compared by failures, rules and faults, never by their words', () => {
  const base = under({ results: [result(node1, failure)], edges: [anEdge({})] });
  const same = under({
    results: [result(node1, { ...failure, message: 'other words' })],
    edges: [anEdge({ clientError: 'other words' })],
  });
  const other = under({
    results: [result(node1, passed)],
    edges: [anEdge({ rule: 'x509.key-usage' })],
  });

  expect(resultsOpenByRelease(base, [same]).size).toBe(0);
  expect(edgesOpenByRelease(base, [same]).size).toBe(0);
  expect(resultsOpenByRelease(base, [other]).size).toBe(1);
  expect(edgesOpenByRelease(base, [other]).size).toBe(1);
});

test('the reason of another release is told, whichever releases have that of the supposed one', () => {
  const target: Target = { kind: 'edge', name: 'an edge' };
  const refused = (rule: 'x509.expired' | 'x509.unknown-authority') =>
    under({
      edges: [anEdge({ rule })],
      results: [result(target, { ...failure, actual: rule })],
    });
  const own = refused('x509.expired');
  const other = refused('x509.unknown-authority');
  const told = (...range: readonly UnderRelease[]) =>
    [...otherReasons(own, range).values()].map(({ actual }) => actual);

  expect(told(other, own)).toEqual(['x509.unknown-authority']);
  expect(told(own, other)).toEqual(['x509.unknown-authority']);
  expect(told(own, own)).toEqual([]);
});

test('a failure that only another release has is kept', () => {
  const elsewhere = result({ kind: 'file', name: 'x' }, failure);

  expect(onlyUnderOthers(under({}), [under({ results: [elsewhere] })])).toEqual([elsewhere]);
});

test('a release that refuses to start with these settings is not the one that runs', () => {
  const problem = { kind: 'refused-at-start', name: '--new-flag', why: 'unknown-flag' } as const;
  const refusing = { members: [aMember({ member: { problems: [problem] } })] };
  const starting = { members: [aMember()] };

  expect(isPossible(starting, refusing)).toBe(false);
  expect(isPossible(refusing, refusing)).toBe(true);
  expect(isPossible(refusing, starting)).toBe(true);
});

test('checks are asked again only where a release decides a connection or reads a setting otherwise', () => {
  const problem = { kind: 'without-effect', name: '--flag', why: 'auto-tls' } as const;
  const base = under({ facts: { members: [aMember()] }, edges: [anEdge({})] });
  const same = under({
    facts: { members: [aMember()] },
    edges: [anEdge({ serverError: 'other words' })],
  });

  expect(decidesTheSame(base, same)).toBe(true);
  expect(decidesTheSame(base, { ...same, edges: [anEdge({ outcome: 'accepted' })] })).toBe(false);
  expect(decidesTheSame(base, { ...same, edges: [] })).toBe(false);
  const warned = { members: [aMember({ member: { problems: [problem] } })] };
  expect(decidesTheSame(base, { ...same, facts: warned })).toBe(false);
});

test('which releases serve API version 2 counts where a client uses it', () => {
  const without = { members: [aMember()] };
  const serving = { members: [aMember({ member: { servesVersionTwo: true } })] };
  const clients = [{ ...aClient({}), asksVersionTwo: true as const }];

  expect(decidesTheSame(under({ facts: without }), under({ facts: serving }))).toBe(true);
  expect(
    decidesTheSame(
      under({ facts: { ...without, clients } }),
      under({ facts: { ...serving, clients } }),
    ),
  ).toBe(false);
});

function under(parts: Partial<UnderRelease>): UnderRelease {
  return { facts: {}, edges: [], results: [], ...parts };
}

function anEdge(parts: Partial<Edge>): Edge {
  return {
    target: { kind: 'edge', name: 'an edge' },
    edge: 'peer',
    from: 'node1',
    to: 'https://10.0.0.2:2380',
    port: 'peer',
    outcome: 'refused',
    wanted: 'accepted',
    rule: 'x509.expired',
    ...parts,
  };
}
