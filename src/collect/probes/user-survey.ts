import type { EtcdUser } from '../../model/live.ts';

/** The members of a cluster have the same users: the first that answers is asked, for all of them. */
export type UserSurvey = (member: SeenMember, ask: Ask) => Promise<EtcdUser | undefined>;

type Ask = () => Promise<EtcdUser | undefined>;

/** By the ids that a member gives. */
interface SeenMember {
  readonly clusterId: string;
  readonly memberId: string;
}

interface Told {
  readonly by: string;
  readonly user: EtcdUser;
}

/**
 * Two endpoints that say that they are the same member are asked both: two clusters that were each started with the same
 * `--initial-cluster`, such as `default=http://localhost:2380`, have the same ids.
 */
export function createUserSurvey(): UserSurvey {
  const latest = new Map<string, Promise<Told | undefined>>();
  return async ({ clusterId, memberId }, ask) => {
    const turn = after(latest.get(clusterId), memberId, ask);
    latest.set(clusterId, turn);
    return (await turn)?.user;
  };
}

async function after(
  before: Promise<Told | undefined> | undefined,
  by: string,
  ask: Ask,
): Promise<Told | undefined> {
  const told = await before;
  if (told !== undefined && told.by !== by) return told;
  const user = await ask();
  return user && { by, user };
}
