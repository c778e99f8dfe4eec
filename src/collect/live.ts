import { setMaxListeners } from 'node:events';
import type { FactName } from '../model/evidence.ts';
import { joinLiveFacts } from '../model/live-facts.ts';
import type { LiveFacts } from '../schema/live.ts';
import type { ProbePlan, Question } from '../model/probe-plan.ts';
import { makeForeignCredential, nothing, readCredential } from './probes/credentials.ts';
import { readAgain } from './files/read-bytes.ts';
import { systemWords } from './files/system-words.ts';
import { createGate } from './probes/gate.ts';
import { observeEndpoint } from './probes/endpoint.ts';
import type { EndpointFacts, LiveContext, LiveProgress } from './probes/reached-endpoint.ts';
import { watchLag } from './probes/lag.ts';
import { lazy } from './probes/lazy.ts';
import { createLatch } from './probes/latch.ts';
import { createUserSurvey } from './probes/user-survey.ts';
import { nothingSeen } from './probes/questions.ts';

export type { LiveProgress } from './probes/reached-endpoint.ts';

/** How to look at the running cluster. */
export interface LiveOptions {
  /** For all that is asked of one address of an endpoint together. */
  readonly timeoutMs: number;
  /** Connections that may be busy at a time. */
  readonly concurrency: number;
  /** Whether to try who must be refused, where a check asks for that. */
  readonly negativeProbes: boolean;
  /** Whether to look again at what the member list names, and at etcd's other usual ports on those hosts. */
  readonly discover: boolean;
  /**
   * Whether to find out all that the server would negotiate, some 35 connections more, each a line in etcd's
   * log; and the roles of the user, which takes a call through raft. False when absent.
   */
  readonly survey?: boolean;
  readonly onProgress?: (progress: LiveProgress) => void;
  readonly signal?: AbortSignal;
}

/** Which endpoints to look at, with which certificates, and the time limits. Nothing but the plan is dialled. */
export interface LiveRequest extends ProbePlan, Omit<LiveOptions, 'discover'> {}

/** All that was observed, and why some of it could not be. */
export type LiveReading = Pick<LiveFacts, 'endpoints'> &
  Partial<Pick<LiveFacts, Question>> & {
    readonly gaps: Readonly<Partial<Record<FactName, string>>>;
  };

/** Looks at a running cluster. Only reads, never rejects; ends early, with what it has, on `signal`. */
export async function observe(request: LiveRequest): Promise<LiveReading> {
  const gaps = new Map<FactName, string>();
  // One listener for each endpoint, and that is no leak.
  if (request.signal !== undefined) setMaxListeners(0, request.signal);
  const lag = watchLag();
  const context = { ...prepare(request, gaps), lag };

  const all = await observeAll(request.endpoints, context, request.concurrency);
  const shown = all.filter(isWorthShowing);
  lag.release();

  return {
    endpoints: shown.map(({ endpoint }) => endpoint),
    ...joinLiveFacts(
      nothingSeen(request.questions),
      shown.map(({ facts }) => facts),
    ),
    gaps: Object.fromEntries(gaps),
  };
}

/** How long an endpoint may be silent before the next ones need not wait for it. */
const patienceMs = 500;

async function observeAll(
  endpoints: ProbePlan['endpoints'],
  context: LiveContext,
  concurrency: number,
): Promise<readonly EndpointFacts[]> {
  const busy = Math.max(1, Math.floor(concurrency / context.connectionsEach));
  const gate = createGate({ busy, inside: Math.max(busy, 256), patienceMs, lag: context.lag });
  const all = await Promise.all(
    endpoints.map(async (endpoint) => await observeEndpoint(endpoint, context, gate)),
  );
  return all.flat();
}

function prepare(request: LiveRequest, gaps: Map<FactName, string>): Omit<LiveContext, 'lag'> {
  const { credentials, timeoutMs, questions, survey = false, onProgress, signal } = request;
  const tries = request.negativeProbes && request.intruders;
  const client = credentials.client && readCredential('client', credentials.client);
  const members = credentials.members.map((member) => readCredential('member', member));
  const rootCertificate = readRoots(request.trustedCaFile, gaps);
  const unusable = [client, ...members].flatMap((one) =>
    one?.unusable === undefined ? [] : [`${one.certificateFile}: ${one.unusable}`],
  );
  if (unusable.length > 0) {
    gaps.set('admissions', `certificate and key cannot be used together: ${unusable.join(', ')}`);
  }

  const surfaces = createLatch(100);
  const makeForeign = lazy(makeForeignCredential);
  return {
    timeoutMs,
    questions,
    surfaces,
    connectionsEach: 6,
    survey,
    userSurvey: createUserSurvey(),
    nothing: tries ? nothing : undefined,
    foreign: tries ? makeForeign : undefined,
    client,
    members,
    rootCertificate,
    ...(onProgress !== undefined && { onProgress }),
    ...(signal !== undefined && { signal }),
  };
}

function readRoots(path: string | undefined, gaps: Map<FactName, string>): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readAgain(path);
  } catch (error) {
    gaps.set('memberLists', `${path}: ${systemWords(error)}, so etcd3 was not tried`);
    return undefined;
  }
}

/** Nothing listening where nothing was expected is no observation. */
function isWorthShowing({ endpoint }: EndpointFacts): boolean {
  return endpoint.supposed !== true || endpoint.speaks !== 'unreachable';
}
