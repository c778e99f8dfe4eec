import { until } from '../processes.ts';
import { fileOf, memberAt, type Scene } from './scene.ts';

/** The cluster takes the spare machine in. */
export async function added(scene: Scene, ...more: readonly string[]): Promise<void> {
  const { name, address, peerPort } = scene.spare.node;
  const url = `https://${address}:${peerPort}`;
  const add = ['member', 'add', name, `--peer-urls=${url}`, ...more];
  const isDone = async () => (await scene.cluster.etcdctl(...add)).code === 0;
  // etcd refuses for some seconds after another change, until all members are known to be healthy.
  if (!(await until(isDone, 30_000))) throw new Error(`etcd never let ${name} be added`);
}

export function urlOfSpare({ spare: { node } }: Scene): string {
  return `https://${node.address}:${node.clientPort}`;
}

/** Where the files of the spare machine are. */
export function filesOfSpare(scene: Scene) {
  return {
    ETCD_CERT_FILE: fileOf(scene, 'node_8_cert.pem'),
    ETCD_KEY_FILE: fileOf(scene, 'node_8_key_insecure.pem'),
    ETCD_PEER_CERT_FILE: fileOf(scene, 'node_8_peer_cert.pem'),
    ETCD_PEER_KEY_FILE: fileOf(scene, 'node_8_peer_key_insecure.pem'),
  };
}

/** `initial-cluster` of the spare machine: itself and the members that are left. */
export function initialCluster(scene: Scene, ...numbers: readonly number[]) {
  const { node } = scene.spare;
  const parts = numbers.map((number) => memberAt(scene, number));
  return {
    ...filesOfSpare(scene),
    ETCD_INITIAL_CLUSTER: [
      ...parts.map(({ name, peerUrl }) => `${name}=${peerUrl}`),
      `${node.name}=https://${node.address}:${node.peerPort}`,
    ].join(','),
  };
}
