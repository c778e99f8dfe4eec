import type { Certificate } from '../model/certificate.ts';
import { getOrMake } from '../model/get-or-make.ts';
import type { ChainQuestion } from './chain.ts';
import type { Opinion } from './judgement.ts';

/** What one forecast has concluded about chains: everyone who verifies the same chain asks the same. */
export interface ChainOpinions {
  /** The opinion by these roots, worked out by `judge` the first time. */
  readonly on: (
    question: ChainQuestion,
    roots: readonly Certificate[],
    judge: () => Opinion,
  ) => Opinion;
}

/** Belongs to one forecast, whose moment and authorities are the same for all questions. */
export function chainOpinions(): ChainOpinions {
  type Answers = Map<string, Opinion>;
  const known = new Map<readonly Certificate[], Map<Certificate, Answers>>();
  return {
    on(question, roots, judge) {
      const byLeaf = getOrMake(known, roots, () => new Map<Certificate, Answers>());
      const answers = getOrMake(byLeaf, question.chain[0], (): Answers => new Map());
      return getOrMake(answers, restOf(question), judge);
    },
  };
}

/** Everything else that an opinion depends on. */
function restOf({ chain, file, usage, hostName, go }: ChainQuestion): string {
  const above = chain.length === 1 ? '' : chain.map(({ sha256 }) => sha256).join(' ');
  return [usage, go.text, hostName ?? '', file, above].join('\n');
}
