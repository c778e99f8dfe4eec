import { isAboutName } from '../model/refusal.ts';
import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';

/** Where no file says at which host a member is reached, it is not known which name its certificate has to have. */
export function unlessHostSupposed(edge: Edge, members: readonly Member[]): Edge {
  const { edge: kind, outcome, rule } = edge;
  if (outcome !== 'refused' || !isAboutName(rule)) return edge;
  const member = members.find(({ name }) => name === edge.member);
  if (member === undefined || member.known !== 'settings') return edge;
  const { initialAdvertisePeerUrls, advertiseClientUrls } = member.settings;
  const urls = kind === 'peer' ? initialAdvertisePeerUrls : advertiseClientUrls;
  if (kind === 'client' || urls.origin.via !== 'assumed') return edge;
  const { refusedBy: _side, clientError: _own, serverError: _other, ...open } = edge;
  const dependsOn = [`the host at which ${member.name} is reached, which no file contains`];
  return { ...open, outcome: 'not-sure', dependsOn };
}
