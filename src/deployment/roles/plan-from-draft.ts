import { defined } from '../../model/defined.ts';
import type { MemberDraft } from '../../model/draft.ts';
import { once } from '../../model/once.ts';
import type { SettingsProblemKind } from '../../model/settings-problem.ts';
import type { SettingsSource } from '../../model/settings.ts';
import { baseName, directoryOf } from './match-files.ts';
import { nameInFile } from './names.ts';
import type { MemberPlan } from './plan.ts';

/** Forms that describe containers, whose ports may be published under other numbers. */
const hasOwnNetwork: ReadonlySet<string> = new Set([
  'compose',
  'config-map',
  'docker-inspect',
  'dockerfile',
  'manifest',
  'nomad',
  'quadlet',
]);

/** What is wrong with how a process is started, whatever its own settings say. */
const ofProcess: ReadonlySet<SettingsProblemKind> = new Set(['refused-at-start', 'without-effect']);

/** A plan of what settings files say of one process, with a name from wherever there is one. */
export const planFromDraft: (draft: MemberDraft) => MemberPlan = once((draft) => {
  const { origin, sources, partial, mounts, addresses, hostnames, etcdVersion, host } = draft;
  const { kind, directives, container, network, bareProbes, requestedNames, runs } = draft;
  const { directory, unseenPrograms, untried, optional } = draft;
  const problems = draft.problems.filter(({ kind: of }) => ofProcess.has(of));
  return {
    name: draft.name ?? nameFromPaths(sources) ?? host ?? nameFromPlace(origin.file),
    origin,
    sources: [...sources, ...sources.flatMap(unseen)],
    partial,
    mounts,
    kind,
    ...defined({
      directives,
      container,
      directory,
      network,
      bareProbes,
      requestedNames,
      runs,
      unseenPrograms,
      untried,
      optional,
    }),
    ...(problems.length > 0 && { problems }),
    addresses,
    hostnames,
    matches: [],
    origins: new Map(),
    ...(hasOwnNetwork.has(draft.kind) && network?.isHost !== true && { mayBeMapped: true }),
    ...(host !== undefined && { host }),
    ...(etcdVersion !== undefined && { etcdVersion }),
  };
});

const secure = ['', 'peer-'].flatMap((side) =>
  ['cert-file', 'key-file', 'trusted-ca-file', 'client-cert-auth'].map((name) => side + name),
);

/** All settings are in a configuration file; where it was not given, its ports are not taken to be open. */
function unseen(source: SettingsSource): readonly SettingsSource[] {
  if (source.kind !== 'config-file') return [];
  const { path, document, unreadable } = source;
  if (document !== undefined || unreadable !== undefined) return [];
  const because = `all settings are in ${path}, which was not given`;
  const settings = secure.map((name) => {
    return { name, value: name.endsWith('auth') ? 'true' : path, because };
  });
  return [{ kind: 'assumed', settings }];
}

/** `node1` of `/etc/ssl/certs/etcd/node_1_cert.pem`: certificates are often called after their member. */
function nameFromPaths(sources: readonly SettingsSource[]): string | undefined {
  for (const path of sources.flatMap(certificatePaths)) {
    const name = nameInFile(path);
    if (name !== undefined) return name;
  }
  return undefined;
}

const certificateSetting = /^(?:--?)?(?:peer-)?cert-file$/;

function certificatePaths(source: SettingsSource): readonly string[] {
  switch (source.kind) {
    case 'environment':
      return source.variables
        .filter(({ name }) => /^ETCD_(?:PEER_)?CERT_FILE$/.test(name))
        .map(({ value }) => value);
    case 'flags':
      return source.arguments.flatMap(({ text }, index) => {
        const [flag = '', value] = text.split(/=(.*)/s);
        if (!certificateSetting.test(flag)) return [];
        return value ?? source.arguments[index + 1]?.text ?? [];
      });
    case 'config-file':
    case 'assumed':
      return [];
  }
}

/** The settings file's own name, else that of a directory above it which is no standard one. */
function nameFromPlace(file: string): string {
  const own = nameInFile(file);
  if (
    own !== undefined &&
    !/^(?:\d+-)?(?:override|default|config|compose|docker-compose)/i.test(own)
  ) {
    return own;
  }
  const above = baseName(directoryOf(file)).replace(/\.service\.d$/, '');
  return (standardDirectories.has(above) ? undefined : nameInFile(above)) ?? 'etcd';
}

/** Where tools put the settings of whichever member; `args` is MicroK8s'. */
const standardDirectories: ReadonlySet<string> = new Set([
  'args',
  'conf.d',
  'config',
  'etc',
  'manifests',
  'system',
  'sysconfig',
]);
