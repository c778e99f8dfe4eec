import type { FileFact } from '../../model/files.ts';
import type { Client, Guess, Member } from '../../model/inventory.ts';
import { guessRole, type RoleReading } from './assign-roles.ts';
import type { DraftedMember } from './build-member.ts';
import { type CertificateSet, labelFiles } from './credentials.ts';
import type { LayoutMap } from './find-layouts.ts';
import { baseName } from './match-files.ts';
import { enumerate } from '../../model/words.ts';

/** More than any operator would read. */
export const mostShown = 20;

/** More clients than the members of one cluster have certificates for. */
export const mostSupposedClients = 1000;

/** Says which certificates settings give to a member, and why they are theirs. */
export function guessOwned(
  { plan, credentials, reading: { settings } }: DraftedMember,
  readings: readonly RoleReading[],
): readonly Guess[] {
  return credentials.flatMap((credential, index) => {
    const role = readings.find((reading) => reading.credential === credential);
    if (role === undefined) return [];
    const isBoth = credentials.length === 1 && settings.peer.certFile !== undefined;
    const words = isBoth ? 'server and peer' : index === 0 ? 'server' : 'peer';
    const because = `${baseName(plan.origin.file)} names it; ${role.because}`;
    return [
      guessRole(
        { ...role, because, ambiguous: false },
        `${words} certificate of ${plan.name}`,
        plan.name,
      ),
    ];
  });
}

/** Says that there are more client certificates than clients were supposed for. */
export function guessSurplus(readings: readonly RoleReading[]): readonly Guess[] {
  const { length } = readings.filter(({ role }) => role === 'client');
  if (length <= mostSupposedClients) return [];
  return [
    {
      about: `${length} client certificates`,
      conclusion: `only the first ${mostSupposedClients} are assumed to connect to the members`,
      because: 'so many clients of one cluster are unlikely; list the real ones in etcd-tls.yaml',
      ambiguous: true,
    },
  ];
}

/** Says of keys that belong to a CA, or to no certificate at all. */
export function guessKeys(
  files: readonly FileFact[],
  { credentials, authorities }: CertificateSet,
): readonly Guess[] {
  const leaves = new Set(credentials.map(({ leaf }) => leaf.publicKey.sha256));
  const labels = labelFiles(files);
  const owners = new Map(
    authorities.flatMap(({ label, certificates }) =>
      certificates.map(({ publicKey }) => [publicKey.sha256, label] as const),
    ),
  );
  return files
    .flatMap(({ path, blocks }): readonly Guess[] => {
      const key = blocks.find(({ kind }) => kind === 'key');
      const fingerprint = key?.kind === 'key' ? key.key.publicKeySha256 : undefined;
      if (fingerprint === undefined || leaves.has(fingerprint)) return [];
      const owner = owners.get(fingerprint);
      const conclusion =
        owner === undefined ? 'private key without a certificate' : `private key of ${owner}`;
      const because =
        owner === undefined
          ? 'no certificate given has its public key'
          : 'the CA certificate there has its public key';
      return [
        { about: labels.get(path) ?? path, conclusion, because, ambiguous: owner === undefined },
      ];
    })
    .slice(0, mostShown);
}

/** Names certificates that could serve and are unused: a forgotten member, or another service. */
export function guessUnused(
  readings: readonly RoleReading[],
  members: readonly Member[],
  clients: readonly Client[],
): readonly Guess[] {
  const used = new Set(
    [...members, ...clients].flatMap(({ files }) => files.flatMap(({ file }) => file ?? [])),
  );
  const leaves = new Set(
    readings
      .filter(({ credential }) => used.has(credential.file.path))
      .map(({ credential }) => credential.leaf.sha256),
  );
  return readings
    .filter(({ role, credential }) => role !== 'client' && !leaves.has(credential.leaf.sha256))
    .slice(0, mostShown)
    .map((reading) => ({
      ...guessRole(reading, 'certificate that no member or client uses'),
      ambiguous: reading.role !== 'unrelated',
    }));
}

/** Names the installers whose layouts were recognised. */
export function guessLayouts({ found }: LayoutMap): readonly Guess[] {
  return found.slice(0, mostShown).map(({ layout, directory }) => ({
    about: directory,
    conclusion: `files of ${layout.name}`,
    because: `${enumerate(layout.needs)} are there${layout.remark === undefined ? '' : `; ${layout.remark}`}`,
    ambiguous: false,
  }));
}
