import type { Deployment } from '../model/deployment.ts';

/** What was answered about a set of files last, and for which members and moment. */
export interface LastAnswer<Answer> {
  /** The same answer when it is the same question, else what `ask` says now. */
  readonly to: (evidence: Deployment, ask: () => Answer) => Answer;
}

/**
 * Remembers one answer for each set of files: the report, a check and the forecast ask the same
 * questions about members. No older ones, of which a search through the years would leave many.
 */
export function lastAnswer<Answer>(): LastAnswer<Answer> {
  const remembered = new WeakMap<object, Asked<Answer>>();
  return {
    to({ facts: { files, members }, collectedAt }, ask) {
      if (files === undefined || members === undefined) return ask();
      const last = remembered.get(files);
      if (last?.members === members && last.collectedAt === collectedAt) return last.answer;

      const answer = ask();
      remembered.set(files, { members, collectedAt, answer });
      return answer;
    },
  };
}

interface Asked<Answer> {
  readonly members: object;
  readonly collectedAt: string;
  readonly answer: Answer;
}
