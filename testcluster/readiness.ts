import { until } from './processes.ts';
import type { Cluster, ClusterOptions } from './types.ts';

/**
 * Waits for the line by which a member says that it serves clients, which every release logs alike,
 * and which no fault of a client's certificate can hide.
 */
export async function waitUntilReady(cluster: Cluster, options: ClusterOptions): Promise<void> {
  const { unready = [], deadlineMilliseconds = 60_000 } = options;
  const awaited =
    unready === 'everybody'
      ? []
      : cluster.members.map(({ name }) => name).filter((name) => !unready.includes(name));
  const states = awaited.map(async (name) => {
    const isSettled = async () =>
      (await isReady(cluster, name)) || !(await cluster.isRunning(name));
    await until(isSettled, deadlineMilliseconds);
    return { name, ready: await isReady(cluster, name) };
  });
  const failed = (await Promise.all(states)).filter(({ ready }) => !ready);
  if (failed.length > 0) {
    const said = await Promise.all(failed.map(async ({ name }) => lastWords(cluster, name)));
    throw new Error(`the cluster is not healthy.\n${said.join('\n')}`);
  }
}

/** Whether a member has said that it serves clients. */
export async function isReady(cluster: Cluster, name: string): Promise<boolean> {
  return (await cluster.logs(name)).includes('ready to serve client requests');
}

async function lastWords(cluster: Cluster, name: string): Promise<string> {
  const state = (await cluster.isRunning(name)) ? 'is not ready' : 'has ended';
  const lines = (await cluster.logs(name)).trim().split('\n').slice(-8);
  return `${name} ${state}; the last lines of its log:\n  ${lines.join('\n  ')}`;
}
