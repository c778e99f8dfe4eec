import { everyUrl } from './operator.ts';
import { client, filtered, meanwhile, memberAt, untilLogged } from './scene.ts';
import type { Situation, Stage } from './situation.ts';

const three: Stage = { members: 3 };

/** The network between members, and between them and clients. */
export const brokenNetwork: readonly Situation[] = [
  {
    name: 'path-loses-full-packets',
    what: 'the path from a member loses packets of full size, so that TLS gets no answer',
    on: 'three',
    arrange: async (scene) =>
      filtered(
        scene,
        'node1',
        '-A OUTPUT -p tcp --sport 2379 -m length --length 700:65535 -j DROP',
      ),
    // The other members of 3.3 do not count their streams: whether they reach this one is open.
    verify: ['NET', 'QUORUM'],
    exit: 1,
    // A handshake that takes 5 s and more is ended by the member, in words of its own.
    explain: ['NET', 'UNKNOWN'],
  },
  {
    name: 'slow-link',
    what: 'the link to a member is so slow that a handshake takes longer than --timeout',
    on: three,
    arrange: async (scene) => {
      await meanwhile(
        scene,
        'node1',
        'tc qdisc add dev eth0 root tbf rate 4kbit burst 1600 latency 20s',
        'tc qdisc del dev eth0 root',
      );
      await untilLogged(scene, 'node1', /i\/o timeout/);
      return { parameters: [...client(scene, everyUrl(scene)), '--timeout=2s'] };
    },
    verify: ['NET'],
    also: ['peer-connection-down', 'unhealthy-member', 'no-leader'],
    exit: 1,
    explain: ['NET', 'QUORUM'],
  },
  {
    name: 'client-port-dropped',
    what: 'a firewall drops what comes to the client port of a member',
    on: 'three',
    arrange: async (scene) => filtered(scene, 'node2', '-I INPUT -p tcp --dport 2379 -j DROP'),
    verify: ['NET'],
    also: ['ordinary-client-refused'],
    exit: 1,
    explain: [],
  },
  {
    // The member's own gateway may meet the firewall as well.
    name: 'client-port-rejected',
    what: 'a firewall resets connections to the client port of a member',
    on: 'three',
    arrange: async (scene) =>
      filtered(scene, 'node2', '-I INPUT -p tcp --dport 2379 -j REJECT --reject-with tcp-reset'),
    verify: ['NET'],
    also: ['ordinary-client-refused'],
    exit: 1,
  },
  {
    name: 'peer-port-out-of-reach',
    what: 'a firewall lets only members to the peer ports; all is well',
    on: 'three',
    arrange: async (scene) => {
      for (const number of [1, 2, 3]) {
        const { name } = memberAt(scene, number);
        await filtered(scene, name, '-I INPUT -p tcp --dport 2380 -s 10.104.100.250 -j DROP');
      }
    },
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'partition',
    what: 'a member cannot reach the others, nor they it; clients reach all',
    on: three,
    arrange: async (scene) => {
      const others = [2, 3].map((number) => memberAt(scene, number).node.address);
      await filtered(
        scene,
        'node1',
        ...others.flatMap((address) => [
          `-I INPUT -s ${address} -j DROP`,
          `-I OUTPUT -d ${address} -j DROP`,
        ]),
      );
      await untilLogged(
        scene,
        'node1',
        /prober detected unhealthy|lost leader|elected leader|no leader/,
      );
      await untilLogged(scene, 'node2', /prober detected unhealthy|i\/o timeout/);
    },
    verify: ['NET', 'SAN-PEER', 'no-leader', 'peer-connection-down'],
    also: [
      'no-leader',
      'unhealthy-member',
      'quorum-lost-soon',
      'ordinary-client-refused',
      'peer-connection-down',
    ],
    exit: 1,
    explain: ['NET', 'QUORUM'],
  },
];
