import type { Stage } from '../../model/live.ts';
import type { PlannedEndpoint } from '../../model/probe-plan.ts';
import { lookCloser } from './closer-look.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import type { Gate } from './gate.ts';
import { nothingSeen } from './questions.ts';
import type { EndpointFacts, LiveContext } from './reached-endpoint.ts';
import { resolveEndpoint, surfaceAt, unresolved } from './surface.ts';

/**
 * Looks at each address of an endpoint's name, under a deadline for each: first without a credential, then with all of them at
 * the same time. What was seen at one of several addresses carries it. Where none answers, the last one gives the reason.
 */
export async function observeEndpoint(
  endpoint: PlannedEndpoint,
  context: LiveContext,
  gate: Gate,
): Promise<readonly EndpointFacts[]> {
  const firstPlace = await gate.enter();
  const report = (stages: readonly Stage[], state: 'running' | 'finished'): void => {
    for (const stage of stages) context.onProgress?.({ endpoint, stage, state });
  };
  context.onProgress?.({ endpoint, state: 'started' });
  const resolved = await within(context, (deadline) => resolveEndpoint(endpoint, deadline));

  const lookAt = async (candidate: string, deadline: Deadline): Promise<EndpointFacts> => {
    const done = context.surfaces.begin();
    const { observation, address } = await surfaceAt(candidate, resolved, deadline);
    done();
    if (address === undefined)
      return { endpoint: observation, facts: nothingSeen(context.questions) };
    report(observation.stages, 'running');
    return await lookCloser({ endpoint, observation, address, context, deadline });
  };
  const looks = resolved.addresses.map(async (candidate, index) => {
    const place = index === 0 ? firstPlace : await gate.enter();
    try {
      return { candidate, facts: await within(context, (deadline) => lookAt(candidate, deadline)) };
    } finally {
      place.leave();
    }
  });
  if (looks.length === 0) firstPlace.leave();
  const seen = await Promise.all(looks);

  const nowhere = {
    endpoint: unresolved(resolved).observation,
    facts: nothingSeen(context.questions),
  };
  // Clients go on to an address that answers, so these come first.
  const reported = seen.some(isReached)
    ? [...seen.filter(isReached), ...seen.filter((one) => !isReached(one))].map(
        ({ facts, candidate }) => (seen.length === 1 ? facts : atAddress(facts, candidate)),
      )
    : [seen.at(-1)?.facts ?? nowhere];

  const all = reported.map((facts) => ({ facts, stage: applicationStage(facts) }));
  for (const { facts, stage } of all.slice(0, 1)) {
    if (!seen.some(isReached)) report(facts.endpoint.stages, 'running');
    report([stage], 'finished');
  }
  return all.map(({ facts, stage }) => ({
    ...facts,
    endpoint: { ...facts.endpoint, stages: [...facts.endpoint.stages, stage] },
  }));
}

async function within<Result>(
  { timeoutMs, signal, lag }: LiveContext,
  task: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const deadline = createDeadline(timeoutMs, signal, lag);
  try {
    return await task(deadline);
  } finally {
    deadline.release();
  }
}

function isReached({ facts: { endpoint } }: { readonly facts: EndpointFacts }): boolean {
  return endpoint.speaks !== 'unreachable';
}

function atAddress(seen: EndpointFacts, address: string): EndpointFacts;
function atAddress(
  { endpoint, facts }: { endpoint: object; facts: Readonly<Record<string, readonly object[]>> },
  address: string,
): object {
  return {
    endpoint: { ...endpoint, address },
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, all]) => [name, all.map((each) => ({ ...each, address }))]),
    ),
  };
}

const nothing = { admissions: [], memberLists: [], processes: [] };

/** The last stage: whether the server behind the TLS ever answered one of us. */
function applicationStage({ endpoint, facts }: EndpointFacts): Stage {
  const { admissions, memberLists, processes } = { ...nothing, ...facts };
  const name = 'application';
  const isAsked = Object.keys(facts).length > 0;
  if (!isAsked || (endpoint.flight === undefined && endpoint.plaintext !== 'answered')) {
    return { name, outcome: 'not-reached', milliseconds: 0 };
  }
  const answered =
    admissions.find(({ outcome }) => outcome === 'admitted') ??
    memberLists.find(({ outcome }) => outcome === 'answered') ??
    processes.flatMap(({ pages }) => pages).find(({ outcome }) => outcome === 'answered');
  if (answered !== undefined) return { name, outcome: 'ok', milliseconds: answered.milliseconds };
  const code = [...memberLists, ...admissions].find((one) => one.code !== undefined)?.code;
  return { name, outcome: 'failed', milliseconds: 0, ...(code !== undefined && { code }) };
}
