import * as live from '../../../src/collect/live.ts';
import type { Question } from '../../../src/model/probe-plan.ts';
import type { LiveFacts } from '../../../src/schema/live.ts';

export type LiveRequest = Omit<live.LiveRequest, 'questions' | 'intruders'> &
  Partial<Pick<live.LiveRequest, 'questions'>>;

const questions: readonly Question[] = [
  'admissions',
  'memberLists',
  'statuses',
  'offers',
  'processes',
];

/** All that can be observed, as if every check asked for it, unless the request says what is. */
export async function observe(
  request: LiveRequest,
): Promise<LiveFacts & Pick<live.LiveReading, 'gaps'>> {
  const nothing = { admissions: [], memberLists: [], statuses: [], offers: [], processes: [] };
  return { ...nothing, ...(await live.observe({ questions, ...request, intruders: true })) };
}
