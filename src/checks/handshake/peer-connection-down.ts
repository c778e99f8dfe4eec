import { diagnosePeer, type Served } from '../../diagnoses/diagnose-peer.ts';
import { defineCheck, fail, type Known, pass } from '../../model/check.ts';
import type { AtEndpoint, EndpointObservation } from '../../model/live.ts';
import { causeInWords } from '../support/live-diagnosis.ts';
import { servedRefusal, type Surroundings, twinOf } from '../support/served-chain.ts';
import { currentLists, isOfRemovedMember } from '../../deployment/leaders.ts';
import { lostPeers } from '../../deployment/peer-streams.ts';

export const peerConnectionDown = defineCheck({
  id: 'peer-connection-down',
  title: 'Member has no connection to one of its peers',
  severity: 'high',
  decidedBy: 'observation',
  effect: 'stops-connections',
  rationale:
    "The member's own counters show no open stream to that peer. The cluster may look healthy over the " +
    'remaining connections and lose its quorum with the next failure.',
  remediation:
    'Check whether the other member is running (`systemctl status etcd` on its host). If so, read the ' +
    'logs of both members (`journalctl -u etcd | etcd-tls-audit explain -`). Do not restart any other ' +
    'member first.',
  references: ['https://etcd.io/docs/latest/metrics/'],

  needs: ['processes'],
  welcomes: [
    'memberLists',
    'statuses',
    'forecast',
    'endpoints',
    'admissions',
    'files',
    'members',
    'clients',
  ],

  targets: ({ processes, memberLists = [], statuses = [] }) => {
    // Counters of members that were removed stay at 0; one that never started, or runs on, is a finding of its own.
    const seen = { memberLists, statuses };
    const lists = currentLists(seen);
    return processes
      .filter(
        (process) => (process.peerTraffic ?? []).length > 0 && !isOfRemovedMember(process, seen),
      )
      .map((process) => ({
        target: process.target,
        member: process.endpoint.member,
        reachesOthers: (process.peerTraffic ?? []).some(({ active = 0 }) => active > 0),
        down: lostPeers(process, lists),
      }));
  },

  examine({ member, down, reachesOthers }, { facts, now }) {
    const [peer] = down;
    if (peer === undefined) return pass;

    const cause =
      member === undefined ? undefined : whyLost({ member, peer, reachesOthers }, facts, now);
    return fail({
      message: `${member ?? 'the member'} has no open stream to ${down.join(', ')}`,
      expected: 'a stream to every peer',
      actual: `etcd_network_active_peers is 0 for ${down.join(', ')}`,
      ...(cause !== undefined && { cause }),
    });
  },
});

type Seen = Surroundings & Known<never, 'admissions'>;

interface Pair {
  readonly member: string;
  readonly peer: string;
  readonly reachesOthers: boolean;
}

/** Nothing where the counter is all that is known of the two. */
function whyLost(
  { member, peer, reachesOthers }: Pair,
  facts: Seen,
  now: Date,
): string | undefined {
  const { forecast = [], endpoints = [], admissions = [] } = facts;
  const edge = forecast.find(
    (each) => each.edge === 'peer' && each.from === member && each.member === peer,
  );
  const observation = endpoints.find((each) => isPeerPortOf(peer, each));
  const own = endpoints.find((each) => isPeerPortOf(member, each));
  const diagnosis = diagnosePeer({
    member,
    peer,
    reachesOthers,
    now,
    admissions: admissions.filter(
      (each) => isPeerPortOf(peer, each) && each.presented === 'member',
    ),
    ...(edge !== undefined && { edge }),
    ...(observation !== undefined && { observation, served: servedAt(observation, facts, now) }),
    ...(own !== undefined && { ownServed: servedAt(own, facts, now) }),
  });
  return diagnosis.cause === 'UNKNOWN' ? undefined : causeInWords(diagnosis);
}

function isPeerPortOf(name: string, { endpoint }: AtEndpoint): boolean {
  return endpoint.serves === 'peer' && endpoint.member === name;
}

function servedAt(observation: EndpointObservation, facts: Seen, now: Date): Served {
  return {
    refusal: servedRefusal(observation, facts, now),
    twin: twinOf(observation, facts),
  };
}
