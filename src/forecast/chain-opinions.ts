import type { Certificate } from '../model/certificate.ts';
import { getOrMake } from '../model/get-or-make.ts';
import type { ChainQuestion } from './chain.ts';
import type { Opinion } from './judgement.ts';
import type { Anchors } from './material.ts';

type Pool = Extract<Anchors, { readonly kind: 'pool' }>;

/** What one forecast has concluded about chains: everyone who verifies the same chain asks the same. */
export interface ChainOpinions {
  /** The opinion by the roots of a pool, worked out by `judge` the first time. */
  readonly on: (question: ChainQuestion, pool: Pool, judge: () => Opinion) => Opinion;
}

/** Belongs to one forecast, whose moment and authorities are the same for all questions. */
export function chainOpinions(): ChainOpinions {
  type Answers = Map<string, Opinion>;
  const known = new Map<readonly Certificate[], Map<Certificate, Answers>>();
  return {
    on(question, { certificates, file }, judge) {
      const byLeaf = getOrMake(known, certificates, () => new Map<Certificate, Answers>());
      const answers = getOrMake(byLeaf, question.chain[0], (): Answers => new Map());
      const rest = restOf(question);
      const accepted = answers.get(rest);
      if (accepted !== undefined) return accepted;

      // A refusal names the file of the roots.
      const withFile = `${rest}\n${file}`;
      const refused = answers.get(withFile);
      if (refused !== undefined) return refused;
      const opinion = judge();
      answers.set(opinion.kind === 'content' ? rest : withFile, opinion);
      return opinion;
    },
  };
}

/** Everything else that an opinion depends on. */
function restOf({ chain, file, usage, hostName, go }: ChainQuestion): string {
  const above = chain.length === 1 ? '' : chain.map(({ sha256 }) => sha256).join(' ');
  return [usage, go.text, hostName ?? '', file, above].join('\n');
}
