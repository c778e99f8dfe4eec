import type { Look } from './closer-look.ts';
import { offersOf } from './offers-of.ts';
import type { Question } from '../../model/probe-plan.ts';
import type { AnswersToQuestions } from './reached-endpoint.ts';

type Questions = {
  readonly [Name in keyof AnswersToQuestions]: (look: Look) => Promise<AnswersToQuestions[Name]>;
};

/** What is asked of an endpoint in addition to its surface: one line for each live fact. */
const questions: Questions = {
  // Alert 70 concerns the version alone, not whether a certificate is accepted.
  admissions: async ({ admissions }) =>
    (await admissions()).map(({ admission }) => admission).filter(({ alert }) => alert !== 70),

  memberLists: async (look) => {
    const [{ memberList, ordinary }, pages] = await Promise.all([look.cluster(), look.pages()]);
    return [memberList, ordinary, pages?.memberList].filter((list) => list !== undefined);
  },

  statuses: async (look) => {
    const [{ status }, pages] = await Promise.all([look.cluster(), look.pages()]);
    const goVersion = pages?.process.goVersion;
    return status === undefined ? [] : [{ ...status, ...(goVersion && { goVersion }) }];
  },

  offers: offersOf,

  processes: async (look) => {
    const pages = await look.pages();
    return pages === undefined ? [] : [pages.process];
  },
};

/** All questions of the plan at once. */
export function askAll(look: Look): Promise<Partial<AnswersToQuestions>>;
export async function askAll(look: Look): Promise<AnySeen> {
  const answers = look.context.questions.map(
    async (name) => [name, await questions[name](look)] as const,
  );
  return Object.fromEntries(await Promise.all(answers));
}

/** The answers where no endpoint could be asked. */
export function nothingSeen(asked: readonly Question[]): Partial<AnswersToQuestions>;
export function nothingSeen(asked: readonly Question[]): AnySeen {
  return Object.fromEntries(asked.map((name) => [name, []]));
}

type AnySeen = Readonly<Record<string, readonly unknown[]>>;
