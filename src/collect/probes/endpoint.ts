import type { Stage } from '../../model/live.ts';
import type { PlannedEndpoint } from '../../model/probe-plan.ts';
import { lookCloser } from './closer-look.ts';
import { createDeadline } from './deadline.ts';
import { nothingSeen } from './questions.ts';
import type { EndpointFacts, LiveContext } from './reached-endpoint.ts';
import { observeSurfaces } from './surface.ts';

/**
 * Looks at one endpoint under one deadline, at each of its addresses: first as a stranger, then as everybody at once.
 * What is seen at one of several is told with its address.
 */
export async function observeEndpoint(
  endpoint: PlannedEndpoint,
  context: LiveContext,
): Promise<readonly EndpointFacts[]> {
  const { onProgress } = context;
  const deadline = createDeadline(context.timeoutMs, context.signal, context.lag);
  onProgress?.({ endpoint, state: 'started' });

  const done = context.surfaces.begin();
  const surfaces = await observeSurfaces(endpoint, deadline);
  done();
  for (const stage of surfaces[0].observation.stages) {
    onProgress?.({ endpoint, stage, state: 'running' });
  }
  const seen = await Promise.all(
    surfaces.map(async ({ observation, address }, index) => {
      if (address === undefined)
        return { endpoint: observation, facts: nothingSeen(context.questions) };
      const reached = { endpoint, observation, address, isFirst: index === 0, context, deadline };
      const facts = await lookCloser(reached);
      return surfaces.length === 1 ? facts : atAddress(facts, address.address);
    }),
  );
  deadline.release();

  const all = seen.map((facts) => ({ facts, stage: applicationStage(facts) }));
  for (const { stage } of all.slice(0, 1)) onProgress?.({ endpoint, stage, state: 'finished' });
  return all.map(({ facts, stage }) => ({
    ...facts,
    endpoint: { ...facts.endpoint, stages: [...facts.endpoint.stages, stage] },
  }));
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
