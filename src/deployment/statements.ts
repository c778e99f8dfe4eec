import { InputError } from '../input-error.ts';
import { defined } from '../model/defined.ts';
import type { DeploymentRequest } from '../model/deployment.ts';
import type { Evidence, Statements } from '../model/evidence.ts';
import type { ProbeRequest } from '../model/probe-plan.ts';

/**
 * What the options of this run state, and those of the runs before it that saved the evidence. A release that is given
 * now wins; clients, maps and addresses are added.
 */
export function statementsOf(
  { you, etcdVersion, goVersion, maps, resolve }: DeploymentRequest,
  evidence: readonly Pick<Evidence, 'stated'>[],
): Statements {
  const before = evidence.flatMap(({ stated }) => stated ?? []);
  return defined({
    clients: distinctClients([
      ...(you === undefined ? [] : [savedFieldsOf(you)]),
      ...before.flatMap(({ clients = [] }) => clients),
    ]),
    etcdVersion: etcdVersion ?? onlyOne(before, 'etcdVersion', '--etcd-version'),
    goVersion: goVersion ?? onlyOne(before, 'goVersion', '--go-version'),
    maps: union([
      maps?.map(({ prefix, directory }) => ({ prefix, directory })),
      ...before.map((each) => each.maps),
    ]),
    resolve: union([
      resolve?.map(({ name, address }) => ({ name, address })),
      ...before.map((each) => each.resolve),
    ]),
  } satisfies Record<keyof Statements, unknown>);
}

/** The caller's object may have more, such as a password. */
function savedFieldsOf(you: ProbeRequest): ProbeRequest {
  const { proxied, endpoints, trustedCaFile, certificateFile, keyFile } = you;
  return defined({ proxied, endpoints, trustedCaFile, certificateFile, keyFile } satisfies Record<
    keyof ProbeRequest,
    unknown
  >);
}

function onlyOne(
  all: readonly Statements[],
  name: 'etcdVersion' | 'goVersion',
  flag: string,
): string | undefined {
  const [first, second] = new Set(all.flatMap((each) => each[name] ?? []));
  if (first === undefined || second === undefined) return first;
  throw new InputError(
    'EVIDENCE_CONFLICT',
    `evidence was saved with ${flag} ${first}, and other evidence with ${flag} ${second}`,
    { hint: `give the ${flag} to judge all of it with` },
  );
}

/** The same client once, whether or not its shell had a proxy. */
function distinctClients(clients: readonly ProbeRequest[]): readonly ProbeRequest[] | undefined {
  const byKey = new Map<string, ProbeRequest>();
  for (const client of clients) {
    const { endpoints = [], trustedCaFile, certificateFile, keyFile } = client;
    const key = JSON.stringify([endpoints, trustedCaFile, certificateFile, keyFile]);
    byKey.set(key, { ...client, ...byKey.get(key) });
  }
  return byKey.size === 0 ? undefined : [...byKey.values()];
}

/** Each once, in order; undefined where there is none. */
function union<Item>(lists: readonly (readonly Item[] | undefined)[]): readonly Item[] | undefined {
  const items = lists.flatMap((list = []) => list);
  const byText = new Map(items.map((item) => [JSON.stringify(item), item]));
  return byText.size === 0 ? undefined : [...byText.values()];
}
