import { expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { type Check, defineCheck, fail, pass } from '../../src/model/check.ts';
import type { Deployment } from '../../src/model/deployment.ts';
import { defaultPolicy } from '../../src/model/policy.ts';

const metadata = {
  title: 'Guesses are made',
  severity: 'low',
  rationale: 'A test.',
  remediation: 'None.',
  references: ['https://etcd.io/'],
  standards: [],
} as const;

const noisy = defineCheck({
  ...metadata,
  id: 'guess-is-ambiguous',
  needs: ['guesses'],
  targets: ({ guesses }) =>
    guesses.map((made) => ({ ...made, target: { kind: 'file', name: made.about } as const })),
  examine: ({ ambiguous, conclusion }) =>
    ambiguous ? fail({ message: `may not be ${conclusion}` }) : pass,
});

test('gives one result for each thing examined', () => {
  const results = judge(noisy, {
    facts: { guesses: [guess('a.pem', true), guess('b.pem', false)] },
  });

  expect(results.map(({ target, verdict }) => [target.name, verdict.status])).toEqual([
    ['a.pem', 'fail'],
    ['b.pem', 'pass'],
  ]);
});

test('is inconclusive, with the reason, when a fact it needs is missing', () => {
  const results = judge(noisy, { gaps: { guesses: 'no files were given' } });

  expect(results).toMatchObject([
    { verdict: { status: 'inconclusive', because: 'no files were given' } },
  ]);
});

test('does not apply where there is nothing to examine', () => {
  expect(judge(noisy, { facts: { guesses: [] } })).toMatchObject([
    { verdict: { status: 'not-applicable' } },
  ]);
});

test.each(['targets', 'examine'] as const)('survives a crash in %s', (step) => {
  const crashing = {
    ...noisy,
    [step]: () => {
      throw new TypeError('a bug');
    },
  };

  expect(judge(crashing, { facts: { guesses: [guess('a.pem', true)] } })).toMatchObject([
    { verdict: { status: 'crashed', because: 'TypeError: a bug' } },
  ]);
});

test('hands the forecast to checks as a fact like any other', () => {
  const counting = defineCheck({
    ...metadata,
    id: 'edge-exists',
    needs: ['forecast'],
    targets: ({ forecast }) => forecast,
    examine: ({ rule }) => fail({ message: rule }),
  });
  const edge = {
    target: { kind: 'edge', name: 'a to b' },
    edge: 'peer',
    from: 'a',
    to: 'https://b:2380',
    port: 'peer',
    outcome: 'accepted',
    wanted: 'accepted',
    rule: 'etcd.mutual-tls',
  } as const;

  const results = evaluate(
    [counting],
    { deployment: deployment({}), forecast: [edge] },
    defaultPolicy,
  );

  expect(results).toMatchObject([
    { target: { name: 'a to b' }, verdict: { message: 'etcd.mutual-tls' } },
  ]);
});

function judge(check: Check, parts: Partial<Deployment>) {
  return evaluate([check], { deployment: deployment(parts) }, defaultPolicy);
}

function deployment(parts: Partial<Deployment>): Deployment {
  return { collectedAt: '2026-01-01T00:00:00.000Z', facts: {}, gaps: {}, ...parts };
}

function guess(about: string, ambiguous: boolean) {
  return { about, conclusion: 'a CA', because: 'it says so', ambiguous };
}
