import type { Node } from '../nodes.ts';
import { everyUrl } from './operator.ts';
import { client, filtered, type Scene } from './scene.ts';
import type { Situation } from './situation.ts';

const metrics = (scheme: 'http' | 'https', host?: string) => ({
  everywhere: ({ address }: Node) => ({
    ETCD_LISTEN_METRICS_URLS: `${scheme}://${host ?? address}:2381`,
  }),
});

const clientHttp = (scheme: 'http' | 'https') => ({
  everywhere: ({ address }: Node) => ({
    ETCD_LISTEN_CLIENT_HTTP_URLS: `${scheme}://${address}:2378`,
  }),
});

/** Ports other than those of clients and peers. */
export const listeners: readonly Situation[] = [
  {
    name: 'metrics-in-clear',
    what: 'metrics have a port of their own, in clear, open to the network',
    on: { members: 3, changes: metrics('http') },
    verify: ['metrics-open-to-anyone', 'plaintext-metrics-port'],
    also: ['metrics-open-to-anyone', 'plaintext-metrics-port'],
    exit: 0,
    explain: [],
  },
  {
    name: 'metrics-on-loopback',
    what: 'metrics have a port of their own, on 127.0.0.1',
    on: { members: 3, changes: metrics('http', '127.0.0.1') },
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'metrics-with-tls',
    what: 'metrics have a port of their own, with TLS',
    on: { members: 3, changes: metrics('https') },
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'metrics-out-of-reach',
    what: 'a firewall keeps this host from the metrics port of a member',
    on: { members: 3, changes: metrics('https') },
    arrange: async (scene) => filtered(scene, 'node1', '-I INPUT -p tcp --dport 2381 -j DROP'),
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'client-http',
    what: 'HTTP for clients has a port of its own',
    on: { members: 3, changes: clientHttp('https') },
    verify: [],
    exit: 0,
    explain: [],
    since: '3.5.10',
  },
  {
    name: 'client-http-in-clear',
    what: 'HTTP for clients has a port of its own, in clear, open to the network',
    on: { members: 3, changes: clientHttp('http') },
    verify: ['plaintext-client-port', 'client-port-admits-anonymous', 'endpoint-without-tls'],
    also: ['metrics-open-to-anyone', 'endpoint-without-tls', 'plaintext-client-port'],
    exit: 1,
    explain: [],
    since: '3.5.10',
  },
  {
    name: 'client-http-seen-alone',
    what: 'the same port with TLS, which the operator does not know of: only gRPC answers',
    on: { members: 3, changes: clientHttp('https') },
    arrange: (scene: Scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: [],
    // Neither /health nor /metrics: who reads the settings knows where they are.
    exit: 3,
    explain: [],
    since: '3.5.10',
  },
];
