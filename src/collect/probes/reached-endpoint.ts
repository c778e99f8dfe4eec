import type { Endpoint, EndpointObservation, Seen, Stage } from '../../model/live.ts';
import type { Question } from '../../model/probe-plan.ts';
import type { LiveFacts } from '../../schema/live.ts';
import type { ReadyCredential } from './credentials.ts';
import type { Deadline } from './deadline.ts';
import type { Address } from './dial.ts';
import type { Lag } from './lag.ts';
import type { Latch } from './latch.ts';
import type { UserSurvey } from './user-survey.ts';

/** All that was seen of one endpoint: one row of the live table. */
export interface EndpointFacts {
  readonly endpoint: Seen<EndpointObservation>;
  readonly facts: Partial<AnswersToQuestions>;
}

/** What takes more than looking at an endpoint from outside. */
export type AnswersToQuestions = Pick<LiveFacts, Question>;

/** What happens while it happens, for the live table. */
export interface LiveProgress {
  readonly endpoint: Endpoint;
  /** Absent at the start of an endpoint and at its end. */
  readonly stage?: Stage;
  readonly state: 'started' | 'running' | 'finished';
}

/** What is the same for every endpoint of a run. */
export interface LiveContext {
  readonly timeoutMs: number;
  readonly questions: readonly Question[];
  readonly connectionsEach: number;
  /** Whether to ask for everything that a port offers, and for the user's roles. */
  readonly survey: boolean;
  readonly userSurvey: UserSurvey;
  /** How busy this process itself is. */
  readonly lag: Lag;
  /** The intruders, unless they are turned off. */
  readonly nothing: ReadyCredential | undefined;
  readonly foreign: (() => ReadyCredential) | undefined;
  /** Loading libraries stops the clock of every probe, so it waits until the first ones are done. */
  readonly surfaces: Latch;
  readonly client: ReadyCredential | undefined;
  readonly members: readonly ReadyCredential[];
  /** What an ordinary client would trust. */
  readonly rootCertificate: Buffer | undefined;
  readonly onProgress?: (progress: LiveProgress) => void;
  readonly signal?: AbortSignal;
}

/** One endpoint that could be connected to, and all that looking at it needs. */
export interface ReachedEndpoint {
  readonly endpoint: Endpoint;
  readonly observation: Seen<EndpointObservation>;
  readonly address: Address;
  readonly context: LiveContext;
  readonly deadline: Deadline;
}
