import { isHttps } from '../model/host.ts';
import { once } from '../model/once.ts';
import type { Setting } from '../model/settings.ts';
import type { NextRefusal } from '../model/forecast.ts';
import { isAboutName, isRefusalRule } from '../model/refusal.ts';
import { type Doubts, rejectionsOf } from './rejections.ts';
import { type Decided, type Judgement, nextOf, type Refusal } from './judgement.ts';
import { reachOf } from './reach.ts';
import { judgeScheme } from './scheme.ts';
import type { Surroundings } from './surroundings.ts';
import type { Encounter } from './wording.ts';

/** Why the processes of the two sides end before they meet. */
export interface Stops {
  readonly listener?: Refusal | undefined;
  readonly initiator?: Refusal | undefined;
}

/** What is rejected once the processes run that end today, however the reason for that is corrected. */
export function afterStart(
  encounter: Encounter,
  surroundings: Surroundings,
  stops: Stops,
  running: () => Judgement,
): readonly NextRefusal[] {
  const { port } = encounter.listener;
  const ofListener = decidedAt(stops.listener, port);
  const ofInitiator = decidedAt(stops.initiator, port);
  const decided = [ofListener, ofInitiator];
  if (decided.every((part) => part === 'none')) return rejectedIn(running());
  if (decided.includes('unknown') || !meetsOverTls(encounter, ofListener)) return [];

  const doubts: Doubts = {
    server: ofListener === 'credential' || ofInitiator === 'trust',
    client: ofInitiator === 'credential' || ofInitiator === 'dialling' || ofListener === 'trust',
  };
  const all = rejectionsOf(encounter, surroundings, doubts);
  const isOpen = ({ rule }: NextRefusal): boolean =>
    (decided.includes('address') && isAboutName(rule)) ||
    (decided.includes('details') && rule.startsWith('etcd.'));
  return all.filter((each) => !isOpen(each));
}

/** Where a file ends the process, what is loaded from it says so itself. */
function decidedAt(
  stop: Refusal | undefined,
  port: Encounter['listener']['port'],
): Decided['part'] | 'file' {
  if (stop === undefined) return 'none';
  if (stop.decides === undefined) return 'file';
  const { part, port: own = port } = stop.decides;
  return own === port ? part : 'none';
}

function meetsOverTls(encounter: Encounter, ofListener: string): boolean {
  const { member, port } = encounter.listener;
  if (ofListener !== 'address') {
    const reach = reachOf(encounter.address, member, port);
    return reach !== 'nothing-listens' && judgeScheme(encounter) === undefined;
  }
  const { listenClientUrls, listenPeerUrls } = member.settings;
  const urls = port === 'peer' ? listenPeerUrls : listenClientUrls;
  return encounter.address.encrypted && areHttps(urls);
}

/** Each of thousands of addresses asks. */
const areHttps = once(({ value }: Setting<readonly string[]>) => value.every(isHttps));

/** A rejection by one side, and what comes after it. */
function rejectedIn(judgement: Judgement): readonly NextRefusal[] {
  const { outcome, refusedBy, rule, next = [] } = judgement;
  const isByOneSide = refusedBy === 'client' || refusedBy === 'server';
  return outcome === 'refused' && isByOneSide && isRefusalRule(rule)
    ? [nextOf(refusedBy, { ...judgement, rule }), ...next]
    : next;
}
