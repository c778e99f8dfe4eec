import { defined } from '../model/defined.ts';
import { InputError, namedPath } from '../input-error.ts';
import type { DeploymentRequest } from '../model/deployment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { ProbeRequest } from '../model/probe-plan.ts';
import type { PathMap } from '../model/stated-inventory.ts';
import { fileOrPipe } from './files/cannot-read.ts';
import { gather, type Material } from './gather.ts';
import { observeHost } from './host-facts.ts';
import type { LiveOptions } from './live.ts';

export type { LiveOptions } from './live.ts';

/** What to look at, and what the operator states about it. */
export interface AuditRequest extends DeploymentRequest {
  /** Files and directories; `-` is standard input. */
  readonly paths: readonly string[];
  /** Files and directories of other hosts, by the host's name. */
  readonly hosts?: readonly HostPaths[];
  /** What was collected before, perhaps elsewhere. */
  readonly evidence?: readonly Evidence[];
  /** An `etcd-tls.yaml` among the paths is found by itself. */
  readonly inventoryFile?: string;
  readonly maps: readonly PathMap[];
  /** The etcd program that the members run. */
  readonly etcdBinary?: string;
  /** Look at the running cluster too. */
  readonly live?: LiveOptions;
}

/** `NAME=DIRECTORY`: where the files of one host are here. */
export interface HostPaths {
  readonly host: string;
  readonly paths: readonly string[];
}

/** What is read at a time: the files of one host. */
export interface CollectRequest extends Pick<
  AuditRequest,
  'paths' | 'inventoryFile' | 'maps' | 'etcdBinary'
> {
  /** The host's name; absent when the files were given without a host. */
  readonly host?: string;
  /** Paths that are known from elsewhere and need not exist here. */
  readonly known?: ReadonlySet<string>;
  /** Among the paths: certificates, CAs and keys, whatever is in them. */
  readonly certificateFiles?: readonly string[];
}

/** Reads files, settings and inventory of one host; concludes nothing and dials nothing. */
export async function collect(request: CollectRequest): Promise<Evidence> {
  const { files, texts, drafts, inventory, notUnderstood, ignored, ...seenThere } =
    await gather(request);
  const { directories, writeAheadLogs } = seenThere;
  const { host } = request;
  const seen = observeHost(drafts, files);
  return {
    collectedAt: new Date().toISOString(),
    ...(host !== undefined && { host }),
    facts: {
      files,
      texts: texts.map(({ path }) => path),
      directories,
      writeAheadLogs,
      settings: {
        members: drafts.members,
        clients: drafts.clients.map(({ embedded, ...client }) => ({
          ...client,
          embedded: embedded.map(({ path }) => path),
        })),
      },
      notUnderstood,
      ...(ignored.length > 0 && { ignored }),
      ...(seen !== undefined && { hosts: [seen] }),
      ...(await buildsOf(request)),
      ...(inventory !== undefined && { inventory }),
    },
    gaps: {},
  };
}

async function buildsOf({ etcdBinary }: CollectRequest): Promise<Partial<Evidence['facts']>> {
  if (etcdBinary === undefined) return {};
  const { readBinary } = await import('./build-info/read-binary.ts');
  return { builds: [readBinary(etcdBinary)] };
}

/** Reads everything that was asked for, each host's files by themselves, after what was collected before. */
export async function collectAll(request: AuditRequest): Promise<readonly Evidence[]> {
  const { hosts = [], evidence = [], live } = request;
  const elsewhere: Evidence[] = [...evidence];
  for (const { host, paths: own } of hosts) {
    elsewhere.push(await collect({ paths: own, host, maps: [] }));
  }
  const here = await collectHere(request, elsewhere);
  const all = [...elsewhere, ...here];
  // Endpoints are enough for an audit of a running cluster.
  if (live === undefined || request.you?.endpoints === undefined) refuseNothing(all, request);
  return all;
}

/** What is named without a host: paths, the inventory, and directories that `--map` leads to. */
async function collectHere(
  { paths, inventoryFile, maps, you, etcdBinary }: AuditRequest,
  elsewhere: readonly Evidence[],
): Promise<readonly Evidence[]> {
  const known = new Set(elsewhere.flatMap(pathsIn));
  const own = filesOf(you).map((path) => fileOrPipe(namedPath(path)));
  const here = await collect({
    paths: [...paths, ...own],
    certificateFiles: own,
    known,
    maps: maps.filter(({ directory }) => !isAbove(directory, known)),
    ...defined({ inventoryFile, etcdBinary }),
  });
  if (elsewhere.length === 0 || paths.length > 0) return [here];
  const isNamed = inventoryFile !== undefined || etcdBinary !== undefined || hasFiles(here);
  return isNamed ? [undated(here, elsewhere)] : [];
}

/** The files of the client that the options describe are named like any others, and have to exist. */
function filesOf(you: ProbeRequest | undefined): readonly string[] {
  const { trustedCaFile, certificateFile, keyFile } = you ?? {};
  return [trustedCaFile, certificateFile, keyFile].flatMap((path) => path ?? []);
}

function pathsIn({ facts: { files = [], texts = [] } }: Evidence): readonly string[] {
  const own = [...files.map(({ path }) => path), ...texts];
  return own.flatMap((path) => [path, path.replace(/^[^/:]+:(?:\.\/)?/, '')]);
}

function isAbove(directory: string, paths: ReadonlySet<string>): boolean {
  const start = `${directory.replace(/^(?:\.\/)+|(?<!\/)\/+$/g, '')}/`;
  return [...paths].some((path) => path.startsWith(start));
}

function hasFiles({ facts: { files = [], texts = [] } }: Evidence): boolean {
  return files.length > 0 || texts.length > 0;
}

/** An inventory read now is no reason to judge evidence of last year for today. */
function undated(here: Evidence, before: readonly Evidence[]): Evidence {
  const latest = before
    .map(({ collectedAt }) => collectedAt)
    .toSorted()
    .at(-1);
  return { ...here, collectedAt: latest ?? here.collectedAt };
}

/** A run that looked at nothing must not end as if all were well. */
function refuseNothing(all: readonly Evidence[], { paths, hosts = [], live }: AuditRequest): void {
  const hasContent = all.some(({ facts }) => {
    const { files = [], settings, inventory, notUnderstood = [], endpoints = [] } = facts;
    const described = [settings, inventory].flatMap((by) => [
      ...(by?.members ?? []),
      ...(by?.clients ?? []),
    ]);
    const unread = notUnderstood.filter(({ isSource }) => isSource !== true);
    const seen = described.length + unread.length + endpoints.length;
    return seen > 0 || files.some(saysSomething);
  });
  if (hasContent) return;

  const [junk] = all.flatMap(({ facts }) => facts.files ?? []);
  const trap = junk?.traps[0];
  const given = [...paths, ...hosts.flatMap((each) => each.paths)];
  const directory =
    'the directory that contains them, such as /etc/kubernetes/pki/etcd or /etc/ssl/etcd';
  throw new InputError(
    'NOTHING_FOUND',
    `no certificate, key, CRL or etcd settings in ${given.length === 0 ? 'the evidence' : given.join(', ')}`,
    {
      hint:
        junk === undefined || trap === undefined
          ? `give ${directory}${live === undefined ? '' : ', or the endpoints with --endpoints'}`
          : `${junk.path}: ${trap.detail}`,
    },
  );
}

function saysSomething({ blocks, revocationList, unreadable }: Material['files'][number]): boolean {
  return blocks.length > 0 || revocationList !== undefined || unreadable !== undefined;
}
