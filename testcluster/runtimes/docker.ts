import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Access, asApi3, clientFlags } from '../access.ts';
import type { Places } from '../members.ts';
import { subnet } from '../nodes.ts';
import { deployedDirectory, type Plan } from '../plan.ts';
import { run } from '../run.ts';
import type { Cluster, ClusterOptions, Handle } from '../types.ts';
import { certificatesIn } from '../write-plan.ts';
import { type Compose, compose, composeCommand, reachDaemon, stopCompose } from './compose.ts';
import { imageFor } from './image.ts';

const composeFile = join(import.meta.dirname, '..', '..', 'docker-compose.yml');

/** Starts the containers of docker-compose.yml with the plan's settings laid over it. */
export async function launchContainers(
  plan: Plan,
  places: Places,
  options: ClusterOptions,
): Promise<Handle> {
  const program = await composeCommand();
  if (program === undefined) {
    throw new Error('neither docker compose nor docker-compose is there');
  }
  const overlay = join(places.work, 'docker-compose.override.yml');
  await writeFile(overlay, settingsOverlay(plan));
  const reached = await reachDaemon();
  const project: Compose = {
    ...reached,
    command: [...program, '-f', composeFile, '-f', overlay, '-p', 'etcd-tls-audit'],
    environment: { ...reached.environment, ...variables(plan, places) },
  };
  try {
    const image = await imageFor(options.etcd, reached.environment);
    const withImage = { ...project, environment: { ...project.environment, ETCD_IMAGE: image } };
    await bringUp(withImage);
    return {
      runtime: 'docker',
      processes: {},
      placement: { inside: {}, client: [] },
      compose: withImage,
    };
  } catch (error) {
    await stopCompose(project);
    throw error;
  }
}

async function bringUp(project: Compose): Promise<void> {
  const ended = await compose(project, 'up', '-d', '--force-recreate');
  if (ended.code !== 0) {
    throw new Error(`docker compose up failed: ${ended.stderr.trim().split('\n').at(-1) ?? ''}`);
  }
}

function variables(plan: Plan, { set }: Places): Readonly<Record<string, string>> {
  const addresses = plan.nodes.map((node): [string, string] => [
    `NODE${node.number}_ADDRESS`,
    node.address,
  ]);
  return {
    ETCD_CERTIFICATES: certificatesIn(set),
    ETCD_SUBNET: subnet,
    ...Object.fromEntries(addresses),
  };
}

/** JSON is YAML. Compose merges variables one by one. */
function settingsOverlay(plan: Plan): string {
  const services = plan.members.map(({ node, environment, flags = [] }): [string, object] => [
    node.name,
    { environment, ...(flags.length > 0 && { command: ['etcd', ...flags] }) },
  ]);
  return JSON.stringify({ services: Object.fromEntries(services) }, undefined, 2);
}

/** What containers do in other ways than processes. */
export function containerAccess(project: Compose): Access {
  const { environment } = project;
  const idOf = async (name: string) => (await compose(project, 'ps', '-q', name)).stdout.trim();
  const runThere: Cluster['run'] = async (command, parameters, where = {}) => {
    if (where.inside === undefined) {
      return run(command, parameters, where);
    }
    const passed = Object.entries(where.environment ?? {}).flatMap(([name, value]) => [
      '-e',
      `${name}=${value}`,
    ]);
    const exec = ['exec', ...passed, await idOf(where.inside), command, ...parameters];
    return run('docker', exec, { ...where, environment });
  };
  return {
    logs: async (name) => {
      const { stdout, stderr } = await run('docker', ['logs', await idOf(name)], { environment });
      return stdout + stderr;
    },
    isRunning: async (name) => {
      const state = ['inspect', '-f', '{{.State.Running}}', await idOf(name)];
      return (await run('docker', state, { environment })).stdout.trim() === 'true';
    },
    run: runThere,
    release: async () => {
      const { stdout } = await runThere('etcd', ['--version'], { inside: 'node1' });
      return {
        version: /etcd Version: (\S+)/.exec(stdout)?.[1] ?? '',
        goVersion: /Go Version: go(\S+)/.exec(stdout)?.[1] ?? '',
      };
    },
    etcdctl: async (members, parameters) =>
      runThere('etcdctl', [...clientFlags(members, deployedDirectory), ...parameters], {
        ...asApi3,
        inside: 'node1',
      }),
  };
}
