import type { Stage } from '../../model/live.ts';
import type { PlannedEndpoint } from '../../model/probe-plan.ts';
import { lookCloser } from './closer-look.ts';
import { createDeadline } from './deadline.ts';
import { nothingSeen } from './questions.ts';
import type { EndpointFacts, LiveContext } from './reached-endpoint.ts';
import { observeSurface } from './surface.ts';

/** Looks at one endpoint under one deadline: first as a stranger, then as everybody at once. */
export async function observeEndpoint(
  endpoint: PlannedEndpoint,
  context: LiveContext,
): Promise<EndpointFacts> {
  const { onProgress } = context;
  const deadline = createDeadline(context.timeoutMs, context.signal, context.lag);
  onProgress?.({ endpoint, state: 'started' });

  const done = context.surfaces.begin();
  const { observation, address } = await observeSurface(endpoint, deadline);
  done();
  for (const stage of observation.stages) onProgress?.({ endpoint, stage, state: 'running' });
  const seen =
    address === undefined
      ? { endpoint: observation, facts: nothingSeen(context.questions) }
      : await lookCloser({ endpoint, observation, address, context, deadline });
  deadline.release();

  const stage = applicationStage(seen);
  onProgress?.({ endpoint, stage, state: 'finished' });
  const stages = [...seen.endpoint.stages, stage];
  return { ...seen, endpoint: { ...seen.endpoint, stages } };
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
