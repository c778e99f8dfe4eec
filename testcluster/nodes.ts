import { reservePorts } from './ports.ts';

/** How the processes of a cluster are kept apart. */
export type Runtime = 'docker' | 'netns' | 'native';

export const runtimes = ['docker', 'netns', 'native'] as const satisfies readonly Runtime[];

/** One machine of the document `Securing Etcd Cluster with Certificates`. */
export interface Node {
  /** `node1` */
  readonly name: string;
  readonly number: number;
  /** The name that the document puts in the certificate's common name. */
  readonly hostname: string;
  /** Where it listens, and where its connections come from. */
  readonly address: string;
  readonly publicAddress: string;
  readonly clientPort: number;
  readonly peerPort: number;
}

/** The members' network; the document's unless the variable that docker-compose.yml reads says otherwise. */
export const subnet: string = process.env['ETCD_SUBNET'] ?? '10.104.100.0/24';

/** An address in the members' network, by its last number. */
export function inSubnet(last: number): string {
  return [...subnet.split('.').slice(0, 3), last].join('.');
}

/** The document's three machines, in its order. */
const machines = [
  { address: inSubnet(236), publicAddress: '37.58.99.228' },
  { address: inSubnet(245), publicAddress: '37.58.99.235' },
  { address: inSubnet(239), publicAddress: '37.58.99.238' },
] as const;

/** The nodes at their documented addresses; plain processes have 127.0.0.1 to 127.0.0.3 instead. */
export function nodesOf(runtime: Runtime): readonly Node[] {
  return machines.map((machine, index) => {
    const number = index + 1;
    return {
      name: `node${number}`,
      number,
      hostname: `prod00kube0${number}.ams01.service.moovel.ibm.com`,
      address: runtime === 'native' ? `127.0.0.${number}` : machine.address,
      publicAddress: machine.publicAddress,
      clientPort: 2379,
      peerPort: 2380,
    };
  });
}

/** The same nodes on ports of this process alone. */
export async function onFreePorts(nodes: readonly Node[]): Promise<readonly Node[]> {
  return Promise.all(
    nodes.map(async (node) => {
      const [clientPort = 0, peerPort = 0] = await reservePorts(2);
      return { ...node, clientPort, peerPort };
    }),
  );
}

export function clientUrl(node: Node): string {
  return `https://${node.address}:${node.clientPort}`;
}

export function peerUrl(node: Node): string {
  return `https://${node.address}:${node.peerPort}`;
}
