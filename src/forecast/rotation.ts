import type { Deployment } from '../model/deployment.ts';
import type { FileFact } from '../model/files.ts';
import { rollout, type Rollout } from './rollout.ts';
import { factPath } from '../deployment/deployed-path.ts';

/** The three phases in which a CA is changed without an outage, and what each of them breaks. */
export interface RotationPhase {
  readonly phase: 'trust-both' | 'new-leaves' | 'drop-old';
  readonly rollout: Rollout;
}

/**
 * A change of CA in phases: first everyone trusts both CAs, then the leaves are replaced, then the old
 * CA is dropped. Each phase ends everywhere before the next begins.
 */
export function rotation(
  before: Deployment,
  after: Deployment,
  order?: readonly string[],
): readonly RotationPhase[] {
  const trusting = withBothAuthorities(before, after, before);
  const renewed = withBothAuthorities(before, after, after);
  return [
    { phase: 'trust-both', rollout: rollout(before, trusting, order) },
    { phase: 'new-leaves', rollout: rollout(trusting, renewed, order) },
    { phase: 'drop-old', rollout: rollout(renewed, after, order) },
  ];
}

/** One of the two sets, with every CA file holding what it and its counterparts hold. */
function withBothAuthorities(left: Deployment, right: Deployment, base: Deployment): Deployment {
  const other = base === left ? right : left;
  const uses = authorityUses(base);
  const otherUses = authorityUses(other);
  const crossed = portsCrossed(left, right);
  const files = (base.facts.files ?? []).map((file): FileFact => {
    const ownUses = uses.filter((use) => use.file === file.path);
    const counterparts = ownUses.flatMap((use) => counterpartsOf(use, otherUses));
    const isCrossed = ownUses.some(({ port }) => crossed.has(port));
    const everywhere = (all: readonly AuthorityUse[]) =>
      isCrossed ? all.map((use) => use.file) : [];
    const added = [
      ...filesAt(other, [...counterparts, ...everywhere(otherUses)]),
      ...filesAt(base, everywhere(uses)).filter((each) => each !== file),
    ];
    return added.reduce(merged, file);
  });
  return { ...base, facts: { ...base.facts, files } };
}

function filesAt({ facts }: Deployment, paths: readonly string[]): readonly FileFact[] {
  return (facts.files ?? []).filter(({ path }) => paths.includes(path));
}

/**
 * The ports whose leaf is at a path that serves another port in the other set: once written, the new leaf
 * of one port is what the old process shows on the other.
 */
function portsCrossed(left: Deployment, right: Deployment): ReadonlySet<Port> {
  const crosses = (port: Port, other: Port) =>
    share(leavesAt(left, port), leavesAt(right, other)) &&
    !share(leavesAt(left, port), leavesAt(right, port));
  return new Set([
    ...(crosses('peer', 'client') ? ['peer' as const] : []),
    ...(crosses('client', 'peer') ? ['client' as const] : []),
  ]);
}

type Port = 'client' | 'peer';

function leavesAt({ facts }: Deployment, port: Port): readonly string[] {
  return (facts.members ?? []).flatMap(({ settings }) => settings[port].certFile?.value ?? []);
}

function share(some: readonly string[], others: readonly string[]): boolean {
  return some.some((each) => others.includes(each));
}

/** Who trusts the CAs of a file, for which port. The same file may serve several. */
interface AuthorityUse {
  readonly user: string;
  readonly port: Port;
  readonly file: string;
}

function authorityUses({ facts }: Deployment): readonly AuthorityUse[] {
  const ofMembers = (facts.members ?? []).flatMap(({ name, settings, files }) =>
    (['client', 'peer'] as const).flatMap((port): AuthorityUse[] => {
      const setting = settings[port].trustedCaFile;
      if (setting === undefined) return [];
      return [{ user: `member ${name}`, port, file: factPath(setting.value, files) }];
    }),
  );
  const ofClients = (facts.clients ?? []).flatMap(({ name, host = '', caFile, files }) =>
    caFile === undefined
      ? []
      : [
          {
            user: `client ${name} ${host}`,
            port: 'client' as const,
            file: factPath(caFile.value, files),
          },
        ],
  );
  return [...ofMembers, ...ofClients];
}

/**
 * The files of the same user for the same port in the other set, wherever they are. A user without trusted
 * CAs there meets every user of that port: then all CAs that are trusted on it count.
 */
function counterpartsOf(
  { user, port }: AuthorityUse,
  others: readonly AuthorityUse[],
): readonly string[] {
  const samePort = others.filter((other) => other.port === port);
  const same = samePort.filter((other) => other.user === user);
  return (same.length > 0 ? same : samePort).map(({ file }) => file);
}

function merged(file: FileFact, other: FileFact): FileFact {
  return { ...file, size: file.size + other.size, blocks: [...file.blocks, ...other.blocks] };
}
