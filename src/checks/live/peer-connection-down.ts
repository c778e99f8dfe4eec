import { defineCheck, fail, pass } from '../../model/check.ts';
import { listedMembers, nameOf } from '../lists.ts';

export const peerConnectionDown = defineCheck({
  id: 'peer-connection-down',
  title: 'A member has no connection to one of its peers',
  severity: 'high',
  rationale:
    'Its own counters say that no stream to that peer is open. The cluster may look healthy over the ' +
    'connections that are left and lose its quorum with the next failure.',
  remediation:
    'Look at the findings about the certificates of the two, and at the log of both sides at this moment ' +
    '(`etcd-tls-audit explain`). Do not restart any other member before.',
  references: ['https://etcd.io/docs/latest/metrics/'],
  standards: [],

  needs: ['processes'],
  welcomes: ['memberLists'],

  targets: ({ processes, memberLists = [] }) => {
    const names = new Map(listedMembers(memberLists).map((member) => [member.id, nameOf(member)]));
    return processes
      .filter(({ peerTraffic = [] }) => peerTraffic.length > 0)
      .map(({ target, peerTraffic = [] }) => ({
        target,
        down: peerTraffic
          .filter(({ active }) => active === 0)
          .map(({ remote }) => names.get(remote) ?? remote),
      }));
  },

  examine({ down }) {
    if (down.length === 0) return pass;

    return fail({
      message: `it has no open stream to ${down.join(', ')}`,
      expected: 'a stream to every peer',
      actual: `etcd_network_active_peers is 0 for ${down.join(', ')}`,
    });
  },
});
