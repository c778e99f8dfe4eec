import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inSubnet, type Node } from '../nodes.ts';
import { endProcess, isRunning, type StartedProcess, startProcess, until } from '../processes.ts';
import { cleanEnvironment, run } from '../run.ts';
import type { Placement } from './placement.ts';

/** The addresses of clients on the members' network; connections come from the first unless bound. */
export const clientAddresses: readonly string[] = [250, 249, 251, 252, 253, 254].map(inSubnet);

/** Where clients of members with IPv6 addresses are. */
const clientAddressOfIpv6 = 'fd00:e7cd::250';

/** An address as `ip` wants it; those of IPv6 are not looked for elsewhere first, which takes a second. */
function withPrefix(address: string): string {
  const bare = address.replaceAll(/[[\]]/g, '');
  return bare.includes(':') ? `${bare}/64 nodad` : `${bare}/24`;
}

/**
 * A network namespace for each member, joined by a bridge in a namespace of the client's. All of it
 * hangs on one sleeping process: nothing is seen from outside, and everything goes when it ends.
 * Without root the same works in a user namespace.
 */
export async function namespacePlacement(
  nodes: readonly Node[],
  directory: string,
): Promise<Placement> {
  const isRoot = process.getuid?.() === 0;
  const log = join(directory, 'netns.log');
  const holder = await startProcess(
    ['unshare', ...(isRoot ? [] : ['-U', '-r']), '-n', '-m', 'sh', '-ec', script(nodes)],
    log,
    cleanEnvironment(),
  );
  await until(async () => (await isReady(log)) || !(await isRunning(holder)), 20_000);
  if (!(await isReady(log))) {
    await endProcess(holder);
    throw new Error(`no network namespaces here: ${(await readFile(log, 'utf8')).trim()}`);
  }
  return placementOf(nodes, holder, isRoot);
}

function placementOf(nodes: readonly Node[], holder: StartedProcess, isRoot: boolean): Placement {
  const user = isRoot ? [] : ['-U', '--preserve-credentials'];
  const enter = ['nsenter', '-t', String(holder.id), ...user, '-n', '-m'];
  const inside = nodes.map(({ name }): [string, string[]] => [
    name,
    [...enter, 'ip', 'netns', 'exec', name],
  ]);
  return { inside: Object.fromEntries(inside), client: enter, holder };
}

/** Whether the kernel lets us, and iproute2 and util-linux are there. */
export async function canUseNetns(): Promise<boolean> {
  const user = process.getuid?.() === 0 ? [] : ['-U', '-r'];
  const probe = 'mount -t tmpfs none /run && mkdir /run/netns && ip netns add probe';
  return (await run('unshare', [...user, '-n', '-m', 'sh', '-ec', probe])).code === 0;
}

function script(nodes: readonly Node[]): string {
  return [
    // A mount of our own: the names of our namespaces do not get into the machine's list.
    'mount -t tmpfs none /run',
    'mkdir /run/netns',
    'ip link set lo up',
    'ip link add br0 type bridge',
    ...clientAddresses.map((address) => `ip addr add ${address}/24 dev br0`),
    `ip addr add ${clientAddressOfIpv6}/64 dev br0 nodad || true`,
    'ip link set br0 up',
    ...nodes.flatMap(({ name, number, address }) => [
      `ip netns add ${name}`,
      `ip link add port${number} type veth peer name eth0 netns ${name}`,
      `ip link set port${number} master br0 up`,
      `ip -n ${name} link set lo up`,
      `ip -n ${name} addr add ${withPrefix(address)} dev eth0`,
      `ip -n ${name} link set eth0 up`,
    ]),
    'echo ready',
    'exec sleep infinity',
  ].join('\n');
}

async function isReady(log: string): Promise<boolean> {
  return (await readFile(log, 'utf8')).includes('ready');
}
